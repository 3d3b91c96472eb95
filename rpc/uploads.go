package rpc

import (
	"errors"
	"net/http"
	"time"

	"connectrpc.com/connect"

	"converse/internal/chat"
	"converse/internal/files"
	"converse/media"
)

// uploadLimit is how long the bytes of one file may take to come.
const uploadLimit = 15 * time.Minute

// uploadDoor takes the bytes of files that CreateUpload made room for. It asks for no
// sign-in: the word in the path is the permission, for one file and once.
type uploadDoor struct {
	rooms   Rooms
	options Options
}

func (d *uploadDoor) mount(mux *http.ServeMux) {
	mux.HandleFunc("PUT "+uploadsPath+"{word}", d.receive)
	mux.HandleFunc("DELETE "+uploadsPath+"{word}", d.cancel)
}

func (d *uploadDoor) receive(w http.ResponseWriter, r *http.Request) {
	// The server's own, shorter deadline would cut a slow line; not every reader has one.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadLimit))
	d.answer(w, r, "CompleteUpload", d.rooms.Media.Receive(r.Context(), r.PathValue("word"), r.ContentLength, r.Body))
}

func (d *uploadDoor) cancel(w http.ResponseWriter, r *http.Request) {
	d.answer(w, r, "CancelUpload", d.rooms.Media.CancelWord(r.Context(), r.PathValue("word")))
}

// answer refuses in the form in which calls are refused. What has not been read of a
// refused file is not read: the connection ends with it.
func (d *uploadDoor) answer(w http.ResponseWriter, r *http.Request, call string, err error) {
	w.Header().Set("Cache-Control", "no-store")
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Connection", "close")
	switch {
	case errors.Is(err, media.ErrTooLarge):
		w = &statusWriter{ResponseWriter: w, status: http.StatusRequestEntityTooLarge}
		err = chat.Invalidf("size", "is more than was announced")
	case errors.Is(err, files.ErrNoLength):
		w = &statusWriter{ResponseWriter: w, status: http.StatusLengthRequired}
		err = chat.Invalidf("size", "must be said by Content-Length")
	case errors.Is(err, files.ErrBusy):
		err = &chat.Error{Code: chat.CodeTooMany, Reason: chat.ReasonSlowDown, Message: "Too many files are being sent just now. Try again in a moment."}
	}
	out := outward(r.Context(), d.options.Log, "/"+packageName+".MediaService/"+call, err)
	_ = connect.NewErrorWriter().Write(w, r, out) // the asker has gone
}
