// Whose customer it is: who has what on a day, the history of one object, and what nobody has.
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi } from "@tanstack/react-router";
import { Alert, Button, Input, Select, Table, Tabs, Tag } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { answer, api, type Schemas } from "../../api/client";
import { DocumentChoice, WithDocument } from "../../components/document-choice";
import { FactsHead } from "../../components/facts-head";
import { KnownAt, NotNow } from "../../components/known-at";
import { Failure, Loading, Nothing } from "../../components/states";
import { Wide } from "../../components/wide";
import { today } from "../../lib/time";
import type { OwnershipSearch } from "../../router";

type Ownership = Schemas["Ownership"];
type Tenure = Schemas["TenureRow"];

const route = getRouteApi("/ownership");

export function OwnershipPage() {
  const { t } = useTranslation();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (change: Partial<OwnershipSearch>) => void navigate({ search: (old) => ({ ...old, ...change }) });
  return (
    <WithDocument id={search.document}>
      {(chosen, all) => (
        <>
          <FactsHead place="ownership" document={chosen.id} title={t("owner.title")} />
          <div className="stack">
            <div className="row">
              <DocumentChoice chosen={chosen} all={all} choose={(id) => void navigate({ search: { document: id } })} />
              <KnownAt day={search.known} set={(known) => set({ known })} />
            </div>
            <NotNow day={search.known} back={() => set({ known: undefined })} />
            <Content document={chosen.id} search={search} set={set} />
          </div>
        </>
      )}
    </WithDocument>
  );
}

interface Part {
  document: string;
  search: OwnershipSearch;
  set: (change: Partial<OwnershipSearch>) => void;
}

/** The query of both tabs. */
function asked(search: OwnershipSearch): Schemas["WhichOwnership"] {
  return {
    objects: search.objects ?? "",
    owners: search.owners ?? "",
    object: search.object ?? "",
    owner: "",
    role: search.role ?? "",
    on: search.on ?? "",
    known_at: search.known ?? "",
  };
}

function Content({ document, search, set }: Part) {
  const { t } = useTranslation();
  const body = asked(search);
  const facts = useQuery({
    queryKey: ["facts", document, undefined],
    queryFn: () => answer(api.GET("/api/documents/{document}/facts", { params: { path: { document } } })),
  });
  const found = useQuery({
    queryKey: ["ownership", document, body],
    queryFn: () => answer(api.POST("/api/documents/{document}/ownership", { params: { path: { document } }, body })),
  });
  if (found.isPending || facts.isPending) return <Loading />;
  if (found.error) return <Failure error={found.error} />;
  if (facts.data && facts.data.place !== "store") {
    return (
      <Nothing text={t("owner.noStore")}>
        <Link to="/import" search={{ document }}>
          {t("owner.toImport")}
        </Link>
      </Nothing>
    );
  }
  const part = { document, search, set };
  return (
    <>
      <Which {...part} found={found.data} />
      {search.object ? (
        <OneObject {...part} found={found.data} />
      ) : (
        <Tabs
          activeKey={search.tab ?? "now"}
          onChange={(tab) => set({ tab: tab === "nobody" ? "nobody" : undefined })}
          items={[
            { key: "now", label: t("owner.now"), children: <Tenures {...part} found={found.data} /> },
            { key: "nobody", label: t("owner.nobody"), children: <Nobody {...part} /> },
          ]}
        />
      )}
    </>
  );
}

/** Which tables, which role, which day, which object. */
function Which({ search, set, found }: Part & { found: Ownership }) {
  const { t } = useTranslation();
  const ids = { objects: useId(), owners: useId(), role: useId(), on: useId() };
  const tables = found.kinds.map((name) => ({ value: name, label: name }));
  return (
    <div className="row no-print">
      <span className="pair">
        <label htmlFor={ids.objects}>{t("owner.objects")}</label>
        <Select id={ids.objects} value={found.objects} options={tables} onChange={(objects) => set({ objects, object: undefined })} popupMatchSelectWidth={false} />
      </span>
      <span className="pair">
        <label htmlFor={ids.owners}>{t("owner.owners")}</label>
        <Select id={ids.owners} value={found.owners} options={tables} onChange={(owners) => set({ owners })} popupMatchSelectWidth={false} />
      </span>
      {found.roles.length > 1 && (
        <span className="pair">
          <label htmlFor={ids.role}>{t("owner.role")}</label>
          <Select
            id={ids.role}
            value={search.role ?? ""}
            options={[{ value: "", label: t("results.all") }, ...found.roles.map((role) => ({ value: role, label: role }))]}
            onChange={(role) => set({ role: role || undefined })}
            popupMatchSelectWidth={false}
          />
        </span>
      )}
      <span className="pair">
        <label htmlFor={ids.on}>{t("owner.on")}</label>
        <Input id={ids.on} type="date" value={search.on ?? ""} onChange={(event) => set({ on: event.target.value || undefined })} style={{ width: 150 }} />
      </span>
      <Input.Search
        aria-label={t("owner.find")}
        placeholder={t("owner.find")}
        defaultValue={search.object}
        key={search.object ?? ""}
        onSearch={(object) => set({ object: object.trim() || undefined })}
        style={{ width: 180 }}
      />
    </div>
  );
}

function named(key: string, name: string): string {
  return name === "" ? key : `${name} ${key}`;
}

function Tenures({ found, set, search }: Part & { found: Ownership }) {
  const { t } = useTranslation();
  if (found.matched === 0) return <Nothing text={search.on || search.role ? t("owner.noneThen") : t("owner.none")} />;
  return (
    <>
      <List tenures={found.tenures} open={(object) => set({ object })} />
      <p className="lead">{t("owner.shown", { shown: found.tenures.length, matched: found.matched })}</p>
    </>
  );
}

function List({ tenures, open }: { tenures: Tenure[]; open?: (object: string) => void }) {
  const { t } = useTranslation();
  return (
    <Wide label={t("owner.title")}>
      <Table
        size="small"
        rowKey={(one) => `${one.object} ${one.role} ${one.owner} ${one.from}`}
        dataSource={tenures}
        pagination={tenures.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
        columns={[
          {
            title: t("owner.object"),
            render: (_, one) =>
              open ? (
                <button type="button" className="figure" onClick={() => open(one.object)}>
                  {named(one.object, one.object_name)}
                </button>
              ) : (
                named(one.object, one.object_name)
              ),
          },
          { title: t("owner.role"), dataIndex: "role" },
          { title: t("owner.owner"), render: (_, one) => named(one.owner, one.owner_name) },
          { title: t("owner.share"), dataIndex: "share", align: "right" },
          { title: t("owner.from"), dataIndex: "from" },
          { title: t("owner.to"), render: (_, one) => one.to || <Tag color="success">{t("owner.open")}</Tag> },
        ]}
      />
    </Wide>
  );
}

/** The history of one object: what holds from when to when, and the changes that made it so. */
function OneObject({ found, search, set }: Part & { found: Ownership }) {
  const { t } = useTranslation();
  const first = found.tenures[0];
  const name = first ? named(first.object, first.object_name) : (search.object ?? "");
  return (
    <section className="stack" aria-label={name}>
      <div className="row">
        <h2>{t("owner.history", { name })}</h2>
        <Button size="small" onClick={() => set({ object: undefined })}>
          {t("owner.back")}
        </Button>
      </div>
      {found.tenures.length === 0 ? <Nothing text={t("owner.noneOf")} /> : <List tenures={found.tenures} />}
      <h3>{t("owner.changes")}</h3>
      {found.changes.length === 0 ? (
        <p className="lead">{t("owner.noChanges")}</p>
      ) : (
        <Wide label={t("owner.changes")}>
          <Table
            size="small"
            rowKey="number"
            dataSource={found.changes}
            pagination={false}
            columns={[
              { title: t("owner.from"), dataIndex: "from" },
              { title: t("owner.operation"), dataIndex: "operation" },
              { title: t("owner.role"), dataIndex: "role" },
              { title: t("owner.giver"), dataIndex: "giver" },
              { title: t("owner.receiver"), dataIndex: "receiver" },
              { title: t("owner.share"), dataIndex: "share", align: "right" },
              { title: t("owner.maker"), render: (_, one) => `${one.maker} / ${one.checker}` },
              { title: t("owner.reason"), dataIndex: "reason" },
              { title: t("facts.from"), dataIndex: "source" },
            ]}
          />
        </Wide>
      )}
    </section>
  );
}

function Nobody({ document, search }: Part) {
  const { t } = useTranslation();
  const body = { ...asked(search), on: search.on ?? today() };
  const found = useQuery({
    queryKey: ["ownership", "nobody", document, body],
    queryFn: () => answer(api.POST("/api/documents/{document}/uncovered", { params: { path: { document } }, body })),
  });
  if (found.isPending) return <Loading />;
  if (found.error) return <Failure error={found.error} />;
  const { all, uncovered, objects } = found.data;
  if (all === 0) return <Nothing text={t("owner.noObjects")} />;
  return (
    <div className="stack">
      <Alert
        type={uncovered === 0 ? "success" : "warning"}
        showIcon
        title={t("owner.uncovered", { day: body.on, all, uncovered })}
      />
      {uncovered > 0 && (
        <Table
          size="small"
          rowKey="key"
          dataSource={objects}
          pagination={objects.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
          columns={[{ title: t("owner.object"), render: (_, one) => named(one.key, one.name) }]}
        />
      )}
    </div>
  );
}
