/*
 * widget.js: what a page includes, as a classic script or as a module. It fetches the
 * rest from where it came from itself. The build puts the rest's name in place of ENTRY.
 */
declare const ENTRY: string;

{
  const own = (script: HTMLScriptElement): boolean => script.src !== "" && new URL(script.src).pathname.endsWith("/widget.js");
  // A module does not know which element it is; then the last that could be will do.
  const { currentScript } = document;
  const script = currentScript instanceof HTMLScriptElement ? currentScript : [...document.scripts].filter(own).pop();
  if (script)
    import(/* @vite-ignore */ new URL(ENTRY, script.src).href).catch((error: unknown) => {
      console.error("Converse could not be loaded. Does the page's content policy allow its scripts?", error);
    });
}
