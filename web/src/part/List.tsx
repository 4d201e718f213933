/** The one pattern for lists: columns, empty, loading and error states, more pages on demand. */
import { type InfiniteData, type UseInfiniteQueryResult, useInfiniteQuery } from "@tanstack/react-query";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useState } from "react";
import { get, type Page as ApiPage, type Query } from "../api/client";
import { whole } from "../format";
import { t } from "../i18n";
import { useQueryState } from "../path";
import { Button } from "./Button";
import { Choice } from "./Field";
import { Empty, Failed, Loading } from "./Page";
import { readSort, type Sort, sorted, type Value, writeSort } from "./sort";

export interface Column<T> {
  name: string;
  show: (item: T) => ReactNode;
  /** Right-aligned figures. */
  isNumber?: boolean;
  isNarrow?: boolean;
  /** Whether an item has something to show here; a column in which none has is left out. */
  has?: (item: T) => unknown;
  /** What the column is called in the address when it is sorted by, and what it is sorted by. */
  sort?: readonly [name: string, by: (item: T) => Value];
}

interface Props<T> {
  items: readonly T[];
  columns: readonly Column<T>[];
  keyOf: (item: T) => string | number;
  caption: string;
  empty?: ReactNode;
}

/** Tables of so many columns are too wide for a tablet. */
const MANY = 7;

interface Order {
  sort: Sort | null;
  onSort: (sort: Sort | null) => void;
}

/** Up, then down, then as the list came. */
const next = (sort: Sort | null, name: string): Sort | null => (sort?.name !== name ? { name, isDown: false } : sort.isDown ? null : { name, isDown: true });

function Head<T>({ column, sort, onSort }: { column: Column<T> } & Partial<Order>) {
  const className = column.isNumber ? "number" : column.isNarrow ? "shrink" : "";
  const name = column.sort?.[0];
  if (name === undefined || onSort === undefined) return <th scope="col" className={className}>{column.name}</th>;
  const isBy = sort?.name === name;
  return (
    <th scope="col" className={className} aria-sort={!isBy ? undefined : sort.isDown ? "descending" : "ascending"}>
      <button type="button" className="sort" title={t("Sort by this")} onClick={() => onSort(next(sort ?? null, name))}>
        {column.name}
        {isBy && (sort.isDown ? <ArrowDown size={13} aria-hidden /> : <ArrowUp size={13} aria-hidden />)}
      </button>
    </th>
  );
}

export function Rows<T>({ items, columns: all, keyOf, caption, empty, sort, onSort }: Props<T> & Partial<Order>) {
  const columns = all.filter(({ has }) => has === undefined || items.some(has));
  if (items.length === 0) return <>{empty ?? <Empty title={t("Nothing here")} />}</>;
  return (
    <div className="listing">
      {onSort && items.length > 1 && <SortBy columns={columns} sort={sort ?? null} onSort={onSort} />}
      <div className="scroll" tabIndex={0} role="region" aria-label={caption}>
        <table className={["table", columns.length > 2 && "cards", columns.length >= MANY && "many"].filter(Boolean).join(" ")}>
          <caption className="visually-hidden">{caption}</caption>
          <thead>
            <tr>
              {columns.map((column) => (
                <Head key={column.name} column={column} {...(onSort && { sort: sort ?? null, onSort })} />
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
    </div>
  );
}

/** The column that the address asks for, and how to ask for another. */
function useOrder<T>(columns: readonly Column<T>[]): Order & { by: ((item: T) => Value) | undefined } {
  const [query, setQuery] = useQueryState(["sort"]);
  const sort = readSort(query.sort);
  const by = columns.find((column) => column.sort?.[0] === sort?.name)?.sort?.[1];
  return { sort: by ? sort : null, by, onSort: (sort) => setQuery({ sort: writeSort(sort) }) };
}

/** Where lines are cards there are no heads to press. */
function SortBy<T>({ columns, sort, onSort }: { columns: readonly Column<T>[] } & Order) {
  const options = columns.flatMap(({ name, sort }) => (sort ? [[sort[0], t("{column}, ascending", { column: name })] as const, [`-${sort[0]}`, t("{column}, descending", { column: name })] as const] : []));
  if (options.length === 0) return null;
  return <div className={columns.length >= MANY ? "sort-by many" : "sort-by"}><Choice label={t("Sort by")} value={writeSort(sort)} onChange={(event) => onSort(readSort(event.target.value))} options={[["", t("as listed")], ...options]} /></div>;
}

/** Rows that are all there, in the order that the address asks for. */
export function Sorted<T>(props: Props<T>) {
  const { by, ...order } = useOrder(props.columns);
  const items = useMemo(() => (by && order.sort ? sorted(props.items, by, order.sort.isDown) : props.items), [props.items, by, order.sort]);
  return <Rows {...props} items={items} {...order} />;
}

export type Pages<T> = UseInfiniteQueryResult<InfiniteData<ApiPage<T>>>;

/** So many are asked for at a time where all of them have to be read to be sorted. */
const ALL_AT_ONCE = 1_000;
/** No more than this is read to be sorted. */
const SORTED_MAX = 5_000;
/** So many sorted ones are shown at a time. */
const SHOWN = 200;

/** A list of the API, read page by page. */
export function usePages<T>(path: string, query: Query = {}, limit = 100): Pages<T> {
  const [{ sort }] = useQueryState(["sort"]);
  const size = sort === "" ? limit : ALL_AT_ONCE;
  return useInfiniteQuery({
    queryKey: [path, query, size],
    queryFn: ({ pageParam, signal }) => get<ApiPage<T>>(path, { ...query, limit: size, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    // The same list stays on the page while it is read anew to be sorted.
    placeholderData: (before, last) => (last && JSON.stringify(last.queryKey.slice(0, 2)) === JSON.stringify([path, query]) ? before : undefined),
  });
}

export function List<T>({ pages, ...rest }: Omit<Props<T>, "items"> & { pages: Pages<T> }) {
  const { by, ...order } = useOrder(rest.columns);
  const [most, setMost] = useState(SHOWN);
  const items = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const isWhole = !pages.isPlaceholderData && (!pages.hasNextPage || items.length >= SORTED_MAX);
  const { fetchNextPage } = pages;
  const reads = order.sort !== null && !isWhole && !pages.isPlaceholderData && !pages.isFetching && !pages.isFetchNextPageError;
  useEffect(() => {
    if (reads) void fetchNextPage();
  }, [reads, fetchNextPage]);
  const isDown = order.sort?.isDown ?? false;
  const inOrder = useMemo(() => (by && isWhole ? sorted(items, by, isDown) : items), [items, by, isDown, isWhole]);
  if (pages.isPending) return <Loading />;
  if (pages.isError && !pages.isFetchNextPageError) return <Failed error={pages.error} again={() => void pages.refetch()} />;
  const isSorted = order.sort !== null && isWhole;
  const shown = isSorted ? inOrder.slice(0, most) : inOrder;
  const isMore = isSorted ? inOrder.length > shown.length : pages.hasNextPage;
  return (
    <>
      {order.sort !== null && !isWhole && <p className="note soft small" role="status">{pages.isFetchNextPageError ? pages.error?.message : t("All of it is read to be sorted; {count} so far.", { count: whole(items.length) })}</p>}
      {isSorted && pages.hasNextPage && <p className="note warn small" role="status">{t("Only the first {count} of the list are read and sorted. Filters make the list shorter.", { count: whole(items.length) })}</p>}
      <Rows {...rest} items={shown} {...order} />
      {isMore && (
        <div className="row" style={{ justifyContent: "center", padding: 12 }}>
          <Button onClick={() => (isSorted ? setMost(most + SHOWN) : void pages.fetchNextPage())} why={pages.isFetchingNextPage && t("Loading")}>
            {t("Show more")}
          </Button>
          {!isSorted && pages.isFetchNextPageError ? <span className="fault" role="alert">{pages.error?.message}</span> : <span className="soft small">{t("{count, plural, one {# shown} other {# shown}}", { count: shown.length })}</span>}
        </div>
      )}
    </>
  );
}
