package safehttp

// Public is the rule that the dialer applies to every address.
var Public = public
