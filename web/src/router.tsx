// Every address of the console. What a page shows stands in its address, so that a link shows the same.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Shell } from "./components/shell";
import { NotFound } from "./components/not-found";
import { HomePage } from "./pages/home";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : typeof value === "number" ? String(value) : undefined;
const count = (value: unknown): number | undefined =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 ? value : undefined;

/** Which figure is explained. */
export interface Why {
  who?: string | undefined;
  value?: string | undefined;
  row?: string | undefined;
}

function why(search: Record<string, unknown>): Why {
  return { who: text(search.who), value: text(search.value), row: text(search.row) };
}

export interface ResultsSearch extends Why {
  table?: number | undefined;
  sort?: number | undefined;
  up?: boolean | undefined;
  find?: string | undefined;
  only?: "missing" | "undecided" | undefined;
  item?: string | undefined;
  page?: number | undefined;
}

export interface StudioSearch {
  tab?: "edit" | "compare" | "health" | undefined;
  version?: number | undefined;
  old?: number | undefined;
}

export interface FactsSearch {
  document?: string | undefined;
  known?: string | undefined;
}

export interface RowsSearch {
  known?: string | undefined;
  sort?: number | undefined;
  up?: boolean | undefined;
  find?: string | undefined;
  filter?: string | undefined;
}

export interface OwnershipSearch {
  document?: string | undefined;
  known?: string | undefined;
  on?: string | undefined;
  objects?: string | undefined;
  owners?: string | undefined;
  object?: string | undefined;
  role?: string | undefined;
  tab?: "nobody" | undefined;
}

export interface RunsSearch {
  document?: string | undefined;
  /** A run that is watched. */
  watch?: number | undefined;
  /** A replay or comparison. */
  job?: number | undefined;
}

const home = createRoute({ getParentRoute: () => root, path: "/", component: HomePage });

const runs = createRoute({
  getParentRoute: () => root,
  path: "/runs",
  validateSearch: (search: Record<string, unknown>): RunsSearch => ({
    document: text(search.document),
    watch: count(search.watch),
    job: count(search.job),
  }),
  component: lazyRouteComponent(() => import("./pages/runs"), "RunsPage"),
});

const results = createRoute({
  getParentRoute: () => root,
  path: "/results/$run",
  validateSearch: (search: Record<string, unknown>): ResultsSearch => ({
    ...why(search),
    table: count(search.table),
    sort: count(search.sort),
    up: search.up === true ? true : undefined,
    find: text(search.find),
    only: search.only === "missing" || search.only === "undecided" ? search.only : undefined,
    item: text(search.item),
    page: count(search.page),
  }),
  component: lazyRouteComponent(() => import("./pages/results"), "ResultsPage"),
});

const person = createRoute({
  getParentRoute: () => root,
  path: "/results/$run/people/$key",
  validateSearch: (search: Record<string, unknown>): Why & { tab?: "distance" | "trial" | undefined } => ({
    ...why(search),
    tab: search.tab === "distance" || search.tab === "trial" ? search.tab : undefined,
  }),
  component: lazyRouteComponent(() => import("./pages/person"), "PersonPage"),
});

const studio = createRoute({
  getParentRoute: () => root,
  path: "/policies/$document",
  validateSearch: (search: Record<string, unknown>): StudioSearch => ({
    tab: (["edit", "compare", "health"] as const).find((tab) => tab === search.tab),
    version: count(search.version),
    old: count(search.old),
  }),
  component: lazyRouteComponent(() => import("./pages/studio"), "StudioPage"),
});

const facts = createRoute({
  getParentRoute: () => root,
  path: "/facts",
  validateSearch: (search: Record<string, unknown>): FactsSearch => ({
    document: text(search.document),
    known: text(search.known),
  }),
  component: lazyRouteComponent(() => import("./pages/facts/list"), "FactsPage"),
});

const factTable = createRoute({
  getParentRoute: () => root,
  path: "/facts/$document/$table",
  validateSearch: (search: Record<string, unknown>): RowsSearch => ({
    known: text(search.known),
    sort: count(search.sort),
    up: search.up === true ? true : undefined,
    find: text(search.find),
    filter: text(search.filter),
  }),
  component: lazyRouteComponent(() => import("./pages/facts/table"), "FactTablePage"),
});

const imports = createRoute({
  getParentRoute: () => root,
  path: "/import",
  validateSearch: (search: Record<string, unknown>): { document?: string | undefined; watch?: number | undefined } => ({
    document: text(search.document),
    watch: count(search.watch),
  }),
  component: lazyRouteComponent(() => import("./pages/import/page"), "ImportPage"),
});

const ownership = createRoute({
  getParentRoute: () => root,
  path: "/ownership",
  validateSearch: (search: Record<string, unknown>): OwnershipSearch => ({
    document: text(search.document),
    known: text(search.known),
    on: text(search.on),
    objects: text(search.objects),
    owners: text(search.owners),
    object: text(search.object),
    role: text(search.role),
    tab: search.tab === "nobody" ? "nobody" : undefined,
  }),
  component: lazyRouteComponent(() => import("./pages/ownership/page"), "OwnershipPage"),
});

const log = createRoute({
  getParentRoute: () => root,
  path: "/log",
  component: lazyRouteComponent(() => import("./pages/log"), "LogPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([home, runs, results, person, studio, facts, factTable, imports, ownership, log]),
  defaultPreload: "intent",
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
