/**
 * Asks the server whether this page may include the widget. A browser lets a page that
 * may not read no other answer, so of a refusal it would only know that something failed.
 */
export async function mayCall(home: string): Promise<boolean> {
  const response = await fetch(`${home}/embed.json`, { cache: "no-store", credentials: "omit", signal: AbortSignal.timeout(10_000) });
  const answer = (await response.json()) as { allowed?: boolean };
  return answer.allowed !== false;
}
