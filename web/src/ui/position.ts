export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Placement {
  left: number;
  top: number;
}

const gap = 6;
const margin = 8;

/**
 * Where a panel goes beside its anchor: below it if there is room, above it
 * otherwise, and never over the edge of the screen.
 */
export function place(anchor: Box, panel: Pick<Box, "width" | "height">, screen: Pick<Box, "width" | "height">, alignEnd: boolean): Placement {
  const below = anchor.top + anchor.height + gap;
  const above = anchor.top - gap - panel.height;
  const fitsBelow = below + panel.height <= screen.height - margin;
  const roomier = anchor.top > screen.height - (anchor.top + anchor.height);
  const top = fitsBelow || (!roomier && above < margin) ? below : above;
  const left = alignEnd ? anchor.left + anchor.width - panel.width : anchor.left;
  return {
    left: clamp(left, margin, screen.width - panel.width - margin),
    top: clamp(top, margin, screen.height - panel.height - margin),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high));
}
