// The text of a regulation, with faults from the same checker that a run uses, while it is written.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { markdown } from "@codemirror/lang-markdown";
import { defaultHighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { searchKeymap } from "@codemirror/search";
import { EditorState, type Text } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Alert, App, Button, Tag } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refused, answer, api, key, type Schemas } from "../api/client";
import { nonce } from "../lib/nonce";
import { Failure } from "./states";

type Checked = Schemas["Checked"];
type Place = Schemas["Place"];

/** How long typing rests before the text is checked. */
const PAUSE_MS = 250;

function offset(text: Text, place: Place): number {
  const line = text.line(Math.min(Math.max(place.line, 1), text.lines));
  return Math.min(line.from + place.column, line.to);
}

function diagnostics(text: Text, checked: Checked, fix: string): Diagnostic[] {
  return checked.diagnostics.map((one) => {
    const from = offset(text, one.from);
    const mend = one.fix;
    return {
      from,
      to: Math.max(from, offset(text, one.to)),
      severity: one.is_error ? "error" : "warning",
      source: one.code,
      message: one.help === "" ? one.message : `${one.message}\n${one.help}`,
      actions: mend
        ? [
            {
              name: `${fix}: ${mend.title}`,
              apply: (view) =>
                view.dispatch({
                  changes: {
                    from: offset(view.state.doc, mend.from),
                    to: offset(view.state.doc, mend.to),
                    insert: mend.text,
                  },
                }),
            },
          ]
        : [],
    };
  });
}

export default function Editor({ detail }: { detail: Schemas["DocumentDetail"] }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const [text, setText] = useState(detail.text);
  const [checked, setChecked] = useState(detail.check);
  const [waiting, setWaiting] = useState(false);
  const navigate = useNavigate();
  const client = useQueryClient();

  useEffect(() => {
    if (!place.current) return;
    const label = t("studio.editor");
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: detail.text,
        extensions: [
          EditorView.cspNonce.of(nonce),
          lineNumbers(),
          lintGutter(),
          history(),
          markdown(),
          syntaxHighlighting(defaultHighlightStyle),
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, ...lintKeymap]),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": label }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) setText(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    // Who has no mouse scrolls with the keys.
    made.scrollDOM.tabIndex = 0;
    made.dispatch(setDiagnostics(made.state, diagnostics(made.state.doc, detail.check, t("studio.fix"))));
    return () => made.destroy();
  }, [detail, t]);

  useEffect(() => {
    if (text === detail.text) return;
    const asked = new AbortController();
    const timer = setTimeout(() => {
      setWaiting(true);
      answer(api.POST("/api/check", { body: { text }, signal: asked.signal }))
        .then((found) => {
          setChecked(found);
          const now = view.current;
          if (now && now.state.doc.toString() === text) {
            now.dispatch(setDiagnostics(now.state, diagnostics(now.state.doc, found, t("studio.fix"))));
          }
          setWaiting(false);
        })
        // A newer text has taken its place, or the server is away: the old findings stay, marked as waiting.
        .catch(() => undefined);
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      asked.abort();
    };
  }, [text, detail.text, t]);

  const save = useMutation({
    mutationFn: (after: number) =>
      answer(
        api.POST("/api/documents/{document}/versions", {
          params: { path: { document: detail.summary.id }, header: { "Idempotency-Key": key() } },
          body: { after, text },
        }),
      ),
    onSuccess: ({ number }) => {
      void message.success(t("studio.saved", { number }));
      void client.invalidateQueries();
      void navigate({ to: "/policies/$document", params: { document: detail.summary.id }, search: { version: number } });
    },
  });
  const found = save.error instanceof Refused && save.error.status === 409 ? save.error.trouble?.found : undefined;
  const changed = text !== detail.text;
  return (
    <div className="stack">
      <div className="row" aria-live="polite">
        <Tag color={checked.errors > 0 ? "error" : "success"}>
          {checked.errors > 0 ? t("studio.errors", { count: checked.errors }) : t("studio.clean")}
        </Tag>
        {checked.warnings > 0 && <Tag color="warning">{t("studio.warnings", { count: checked.warnings })}</Tag>}
        <Tag>{t("studio.examplesPassed", { count: checked.passed })}</Tag>
        {checked.failed.length > 0 && <Tag color="error">{t("studio.failed", { count: checked.failed.length })}</Tag>}
        {waiting && <span className="lead">{t("studio.checking")}</span>}
        <Button
          type="primary"
          disabled={!changed}
          loading={save.isPending}
          title={changed ? undefined : t("studio.unchanged")}
          onClick={() => save.mutate(detail.summary.version)}
        >
          {t("studio.save")}
        </Button>
      </div>
      {found !== undefined && found !== null ? (
        <Conflict document={detail.summary.id} found={found} mine={text} resubmit={() => save.mutate(found)} />
      ) : (
        save.error && <Failure error={save.error} />
      )}
      <div className="editor" ref={place} />
    </div>
  );
}

/** Two texts beside each other: one is chosen, or the own one is mended. */
function Conflict({ document, found, mine, resubmit }: { document: string; found: number; mine: string; resubmit: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [theirs, setTheirs] = useState("");
  useEffect(() => {
    answer(api.GET("/api/documents/{document}", { params: { path: { document }, query: { version: found } } }))
      .then((detail) => setTheirs(detail.text))
      .catch(() => undefined);
  }, [document, found]);
  const take = () => {
    void client.invalidateQueries();
    void navigate({ to: "/policies/$document", params: { document }, search: { version: found, tab: "edit" } });
  };
  return (
    <Alert
      type="warning"
      showIcon
      title={t("studio.conflict", { found })}
      description={
        <div className="stack">
          <div className="row">
            <Button onClick={take}>{t("studio.theirs")}</Button>
            <Button onClick={resubmit}>{t("studio.mine")}</Button>
          </div>
          <div className="reading">
            <section>
              <h2>{t("studio.theirText", { found })}</h2>
              <pre className="source">{theirs}</pre>
            </section>
            <section>
              <h2>{t("studio.myText")}</h2>
              <pre className="source">{mine}</pre>
            </section>
          </div>
        </div>
      }
    />
  );
}
