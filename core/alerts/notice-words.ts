import type { Alert } from '../api/alerts.ts';
import { alertPath } from './alert-words.ts';

/** What a notice tells of one alert. */
export interface AlertNewsItem {
  readonly event: 'opened' | 'resolved';
  /** ISO 8601. */
  readonly at: string;
  /** As it was then. */
  readonly alert: Alert;
}

export interface NoticeContext {
  /** Public base URL without a trailing slash. */
  readonly publicUrl: string;
  readonly workspace: { readonly slug: string; readonly name: string };
}

const SHOWN = 20;

/** The line that stands for the whole notice: the one thing that it tells, or how many. */
export function noticeTitle(news: readonly AlertNewsItem[]): string {
  const [first] = news;
  if (first && news.length === 1) return inShort(first);
  const opened = news.filter(({ event }) => event === 'opened').length;
  const resolved = news.length - opened;
  const parts = [opened > 0 && `${opened} new`, resolved > 0 && `${resolved} resolved`].filter(Boolean);
  return `Alerts: ${parts.join(', ')}`;
}

/** As plain text, for e-mail. */
export function noticeText(news: readonly AlertNewsItem[], context: NoticeContext): string {
  const { publicUrl, workspace } = context;
  const items = news.slice(0, SHOWN).map((item) => {
    const detail = item.event === 'resolved' ? `Since ${item.at}.` : item.alert.detail;
    return `${inShort(item)}\n${detail}\n${publicUrl}${alertPath(item.alert)}`;
  });
  return `${items.join('\n\n')}${left(news)}\n\n--\nWorkspace ${workspace.name}. All alerts: ${publicUrl}/alerts\n`;
}

/** As Slack's incoming webhooks take it. */
export function slackMessage(
  news: readonly AlertNewsItem[],
  context: NoticeContext,
): { readonly text: string } {
  const { publicUrl } = context;
  const items = news.slice(0, SHOWN).map((item) => {
    const mark = item.event === 'resolved' ? ':white_check_mark:' : ':rotating_light:';
    const detail = item.event === 'resolved' ? '' : `\n${escaped(item.alert.detail)}`;
    return `${mark} <${publicUrl}${alertPath(item.alert)}|${escaped(inShort(item))}>${detail}`;
  });
  return { text: `${items.join('\n')}${left(news)}` };
}

/** The body of a webhook: all of it, for programs. */
export function webhookBody(
  news: readonly AlertNewsItem[],
  { publicUrl, workspace }: NoticeContext,
  timestamp: string,
): object {
  const events = new Set(news.map(({ event }) => event));
  return {
    type: events.size === 1 ? `alert.${[...events][0]}` : 'alert.changed',
    timestamp,
    data: {
      workspace: workspace.slug,
      title: noticeTitle(news),
      alerts: news.map(({ event, at, alert }) => ({
        ...{ event, at },
        ...alert,
        url: `${publicUrl}${alertPath(alert)}`,
      })),
    },
  };
}

function inShort({ event, alert }: AlertNewsItem): string {
  return event === 'resolved' ? `Resolved: ${alert.title}` : alert.title;
}

function left(news: readonly AlertNewsItem[]): string {
  return news.length > SHOWN ? `\n\nand ${news.length - SHOWN} more` : '';
}

/** What Slack would take for its own marks. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
