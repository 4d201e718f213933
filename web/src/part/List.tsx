/** The one pattern for lists: columns, empty, loading and error states, more pages on demand. */
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";
import { get, type Page as ApiPage, type Query } from "../api/client";
import { t } from "../i18n";
import { Button } from "./Button";
import { Empty, Failed, Loading } from "./Page";

export interface Column<T> {
  name: string;
  show: (item: T) => ReactNode;
  /** Right-aligned figures. */
  isNumber?: boolean;
  isNarrow?: boolean;
  /** Whether an item has something to show here; a column in which none has is left out. */
  has?: (item: T) => unknown;
}

interface Props<T> {
  items: readonly T[];
  columns: readonly Column<T>[];
  keyOf: (item: T) => string | number;
  caption: string;
  empty?: ReactNode;
}

export function Rows<T>({ items, columns: all, keyOf, caption, empty }: Props<T>) {
  const columns = all.filter(({ has }) => has === undefined || items.some(has));
  if (items.length === 0) return <>{empty ?? <Empty title={t("Nothing here")} />}</>;
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table className={columns.length > 2 ? "table cards" : "table"}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={column.isNumber ? "number" : column.isNarrow ? "shrink" : ""}>{column.name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)}>
              {columns.map((column, index) => (
                <td
                  key={column.name}
                  data-label={column.name}
                  className={[index === 0 && "first", column.isNumber ? "number" : column.isNarrow && "shrink"].filter(Boolean).join(" ")}
                >
                  {column.show(item)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export type Pages<T> = UseInfiniteQueryResult<InfiniteData<ApiPage<T>>>;

/** A list of the API, read page by page. */
export function usePages<T>(path: string, query: Query = {}, limit = 100): Pages<T> {
  return useInfiniteQuery({
    queryKey: [path, query, limit],
    queryFn: ({ pageParam, signal }) => get<ApiPage<T>>(path, { ...query, limit, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
}

export function List<T>({ pages, ...rest }: Omit<Props<T>, "items"> & { pages: Pages<T> }) {
  if (pages.isPending) return <Loading />;
  if (pages.isError) return <Failed error={pages.error} again={() => void pages.refetch()} />;
  const items = pages.data.pages.flatMap((page) => page.items);
  return (
    <>
      <Rows items={items} {...rest} />
      {pages.hasNextPage && (
        <div className="row" style={{ justifyContent: "center", padding: 12 }}>
          <Button onClick={() => void pages.fetchNextPage()} why={pages.isFetchingNextPage && t("Loading")}>
            {t("Show more")}
          </Button>
          <span className="soft small">{t("{count, plural, one {# shown} other {# shown}}", { count: items.length })}</span>
        </div>
      )}
    </>
  );
}
