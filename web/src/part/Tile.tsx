/** One figure on a card, which leads to where it comes from or where one can act. */
import { Link } from "wouter";

interface Props {
  name: string;
  value: string;
  to?: string;
  /** What is at the other end. */
  about?: string;
  isBad?: boolean;
}

export function Tile({ name, value, to, about, isBad }: Props) {
  const content = <><span className="soft">{name}</span><b className={isBad ? "bad" : ""}>{value}</b></>;
  return to === undefined ? <div className="card figure">{content}</div> : <Link className="card figure" href={to} title={about}>{content}</Link>;
}
