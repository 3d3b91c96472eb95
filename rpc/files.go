package rpc

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
	"converse/internal/transfer"
	"converse/media"
)

// fileDoor takes and hands out files of leads beside the calls: a call carries no more
// than a megabyte. Who may is asked in the same way, by the right of the call that the
// file belongs to.
type fileDoor struct {
	rooms   Rooms
	options Options
	table   map[string]right
}

// fileLimit is how long one file may take: 10 MB over a poor line.
const fileLimit = 5 * time.Minute

func (d *fileDoor) mount(mux *http.ServeMux) {
	mux.HandleFunc("PUT /imports/{id}/file", d.of("LeadService/CreateImport", d.takeImport))
	mux.HandleFunc("GET /imports/{id}/result", d.of("LeadService/GetImport", d.importResult))
	mux.HandleFunc("GET /exports/{id}/file", d.of("LeadService/GetExport", d.exportFile))
}

// of answers a request as the principal who makes it.
func (d *fileDoor) of(call string, serve func(http.ResponseWriter, *http.Request, chat.Principal) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), fileLimit)
		defer cancel()
		r = r.WithContext(ctx)
		p, err := d.principal(r, call)
		if err == nil {
			err = serve(w, r, p)
		}
		if err != nil {
			d.refuse(w, r, call, err)
		}
	}
}

func (d *fileDoor) principal(r *http.Request, call string) (chat.Principal, error) {
	token := Token(r.Header, d.options.Secure)
	if token == "" {
		return chat.Principal{}, &chat.Error{Code: chat.CodeUnauthenticated, Message: "Sign in first."}
	}
	p, err := d.rooms.SignIns.Authenticate(r.Context(), token)
	if err != nil {
		return chat.Principal{}, err
	}
	p.Address = address(connect.Peer{Addr: r.RemoteAddr}, r.Header, d.options.Proxies)
	return p, d.table[call].refuse(p)
}

// refuse answers in the form in which calls are refused; a file that is too large has
// the status that says so.
func (d *fileDoor) refuse(w http.ResponseWriter, r *http.Request, call string, err error) {
	out := outward(r.Context(), d.options.Log, "/"+packageName+"."+call, err)
	w.Header().Set("Cache-Control", "no-store")
	if errors.Is(err, transfer.ErrFileTooLarge) {
		// Many clients read no answer before they have sent everything.
		if r.Header.Get("Expect") == "" {
			_, _ = io.CopyN(io.Discard, r.Body, 4*chat.MostImportBytes) // it is refused whatever comes
		}
		w = &statusWriter{ResponseWriter: w, status: http.StatusRequestEntityTooLarge}
	}
	_ = connect.NewErrorWriter().Write(w, r, out) // the asker has gone
}

// statusWriter answers with a status of its own.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(int) { w.ResponseWriter.WriteHeader(w.status) }

func (d *fileDoor) takeImport(w http.ResponseWriter, r *http.Request, p chat.Principal) error {
	id, err := chat.ParseID[chat.ImportID]("importId", r.PathValue("id"))
	if err != nil {
		return err
	}
	if r.ContentLength > chat.MostImportBytes {
		return transfer.ErrFileTooLarge
	}
	// The server's own, shorter deadline would cut a slow line; not every reader has one.
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(fileLimit))
	i, err := d.rooms.Transfers.Upload(r.Context(), p, id, r.Body)
	if err != nil {
		return err
	}
	return answer(w, &conversev1.GetImportResponse{Import: shownImport(i)})
}

func answer(w http.ResponseWriter, message proto.Message) error {
	body, err := protojson.MarshalOptions{EmitUnpopulated: true}.Marshal(message)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(body) // the asker has gone
	return nil
}

func (d *fileDoor) importResult(w http.ResponseWriter, r *http.Request, p chat.Principal) error {
	id, err := chat.ParseID[chat.ImportID]("importId", r.PathValue("id"))
	if err != nil {
		return err
	}
	file, err := d.rooms.Transfers.Result(r.Context(), p, id)
	if err != nil {
		return err
	}
	return d.send(w, r, file)
}

func (d *fileDoor) exportFile(w http.ResponseWriter, r *http.Request, p chat.Principal) error {
	id, err := chat.ParseID[chat.ExportID]("exportId", r.PathValue("id"))
	if err != nil {
		return err
	}
	file, err := d.rooms.Transfers.ExportFile(r.Context(), p, id)
	if err != nil {
		return err
	}
	return d.send(w, r, file)
}

// send hands out a file to be saved, never shown.
func (d *fileDoor) send(w http.ResponseWriter, r *http.Request, file transfer.File) error {
	object, err := d.rooms.Files.Get(r.Context(), file.Key)
	if errors.Is(err, media.ErrNotFound) {
		return chat.NotFound("file")
	}
	if err != nil {
		return err
	}
	defer func() { _ = object.Close() }() // it was only read
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(fileLimit))
	header := w.Header()
	header.Set("Content-Type", "text/csv; charset=utf-8")
	header.Set("Content-Disposition", `attachment; filename="`+file.Name+`"`)
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	http.ServeContent(w, r, "", time.Time{}, object)
	return nil
}
