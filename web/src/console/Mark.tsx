/** The product's sign: a bubble with two ticks. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path
        class="mark-body"
        d="M16 2.5c7.9 0 14 5.7 14 13s-6.1 13-14 13c-2 0-3.9-.4-5.6-1L4 29.5l1.4-5.5A12.4 12.4 0 0 1 2 15.5c0-7.3 6.1-13 14-13z"
      />
      <path class="mark-ticks" d="M8.5 16l4 4.2 7-8.7M16.6 19.3l.9.9 7-8.7" />
    </svg>
  );
}
