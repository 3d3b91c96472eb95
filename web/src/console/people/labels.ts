/** The names of the pages, which the navigation needs before it needs a page. */
export const labels = {
  users: "Users",
  groups: "Groups",
  permissions: "Permissions",
  account: "My sign-in",
} as const;
