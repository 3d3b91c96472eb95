/** How a hidden value looks to the person it is hidden from. The server does the hiding; this is the picture of it. */

const samples: Record<string, string> = {
  first_name: "Asha",
  last_name: "Rao",
  phone: "+91 98200 12345",
  email: "asha.rao@example.com",
  whatsapp: "IN.8412…",
  owner: "Mira Lindqvist",
  source: "Website",
  stage: "Interested",
  created_at: "12 Nov",
  modified_at: "Today",
};

/** The value that stands for a field in examples. */
export const sampleOf = (field: string): string => samples[field] ?? "Any value";

/** An example of a field as it is shown under a mask; without one, as it is. */
export function example(field: string, mask: string): string {
  const value = sampleOf(field);
  if (mask === "") return value;
  if (mask === "ends" && field === "phone") return "+91 ••••• •2345";
  if (mask === "ends" && field === "email") return "a•••@example.com";
  return "•••••";
}
