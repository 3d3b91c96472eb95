// Package transfer brings leads in from files and takes them out to files.
//
// It owns what a file of leads means: which column is which field, what a row says,
// what becomes of a row whose lead is there already, and what goes into a file that
// leaves. A file is checked and imported by the same rules, so the report of a check
// tells what the import will do. Rows are imported in pages, each in one transaction
// together with what became of them, so that a crash neither loses nor repeats a row.
//
// It promises that nobody changes a lead outside their scope, learns whose a hidden
// number is, or takes out more than the screen shows them (I8). Sheets themselves are
// package sheet's, and what a value must look like is the field's to say. It must not
// know how a file travels.
package transfer
