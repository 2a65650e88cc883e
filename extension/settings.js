// Where the pages go: what was typed on the page of settings, or else what came with the file from one's own server.
export async function settings() {
  const stored = await chrome.storage.local.get(["server", "desk"]);
  if (stored.server) return { desk: "", ...stored };
  const preset = await fetch(chrome.runtime.getURL("preset.json"));
  return { ...(await preset.json()), isPreset: true };
}

export const pattern = (server) => ({ origins: [`${server}/*`] });

/** The address of a server as an origin; null when it is none. */
export function originOf(typed) {
  const text = typed.trim();
  try {
    const { protocol, hostname, origin } = new URL(/^https?:/i.test(text) ? text : `https://${text}`);
    // Chromium takes blanks in a name for a part of it.
    return /^https?:$/.test(protocol) && !hostname.includes("%") ? origin : null;
  } catch {
    return null;
  }
}

/** The address that hands a page over, for the desk that is preset. */
export const captureAddress = ({ server, desk }) => `${server}/capture${desk ? `?desk=${encodeURIComponent(desk)}` : ""}`;
