// Package sheet reads and writes the tables that people exchange with spreadsheets, as
// CSV.
//
// It owns how a file's encoding and delimiter are found out, how its rows are counted
// (as a spreadsheet counts them, so that "row 17" is the same row to everybody), and
// how a cell is written so that no spreadsheet takes it for a formula. Guard and
// Unguard undo each other: what was written comes back as it was.
//
// It promises never to fail on a cell: a row that cannot be understood has a Problem,
// and the rest of the file is read. All of it is pure. It must not know what a column
// means.
package sheet
