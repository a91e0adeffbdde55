// The head of the pages about facts: title, and the ways between them.
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

type Place = "tables" | "import" | "ownership";

export function FactsHead({ place, document, title, children }: { place: Place; document: string; title: string; children?: ReactNode }) {
  const { t } = useTranslation();
  const here = (own: Place) => (place === own ? ("page" as const) : undefined);
  return (
    <>
      <header className="page-head">
        <h1>{title}</h1>
        <div className="actions">{children}</div>
      </header>
      <nav className="subnav" aria-label={t("facts.ways")}>
        <Link to="/facts" search={{ document }} aria-current={here("tables")}>
          {t("facts.tables")}
        </Link>
        <Link to="/import" search={{ document }} aria-current={here("import")}>
          {t("import.title")}
        </Link>
        <Link to="/ownership" search={{ document }} aria-current={here("ownership")}>
          {t("owner.title")}
        </Link>
      </nav>
    </>
  );
}
