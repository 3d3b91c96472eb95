// Package localdb runs a private PostgreSQL for people who have none: it makes a
// cluster in a folder, starts the server on a unix socket and stops it.
//
// It owns the folder it is given and everything below it. It promises that two
// programs never run one folder, that a half-made cluster is never taken for a
// whole one, that the server dies with the program that started it, even by
// SIGKILL, and that the same folder then starts again. As root it drops to the
// user postgres or nobody, since PostgreSQL refuses root. It never opens a
// network port: the socket's folder, which only its owner can enter, is the only
// way in, and that is what makes a cluster without passwords safe.
//
// It must not know what is kept in the database, and downloads nothing.
package localdb
