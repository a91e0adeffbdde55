// Something that may be wider than a phone: it scrolls by itself, also with the keys.
import type { ReactNode } from "react";

export function Wide({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="scroll wide" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
