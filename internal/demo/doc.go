// Package demo makes the people of `converse dev`: an org with users, connectors,
// templates, leads and a little past.
//
// It owns made-up data alone: every name is invented and every number is from the
// ranges that are set aside for fiction. Ids are derived from names, so that a
// start that was cut short goes on where it stopped and nothing is made twice. It
// writes through the store like everybody else and must not know HTTP.
package demo
