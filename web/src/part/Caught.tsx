/** What is left of a page that could not be shown: the frame around it stays, and it can be tried again. */
import { Component, type ReactNode } from "react";
import { t } from "../i18n";
import { Button } from "./Button";
import { Empty, Page } from "./Page";

interface State {
  error: unknown;
}

interface Props {
  /** The address; another one is another page. */
  at: string;
  children: ReactNode;
}

export class Caught extends Component<Props, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override componentDidUpdate(before: Props): void {
    if (before.at !== this.props.at && this.state.error !== null) this.setState({ error: null });
  }

  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <Page title={t("That did not work")}>
        <Empty title={t("This page could not be shown")}>
          <div className="stack" role="alert" style={{ justifyItems: "center", alignItems: "center" }}>
            <p>{t("A part of it did not come from the server, or it has a fault. Check the connection and try again.")}</p>
            {/* A part that did not come is not asked for again before a reload. */}
            <Button onClick={() => location.reload()}>{t("Try again")}</Button>
          </div>
        </Empty>
      </Page>
    );
  }
}
