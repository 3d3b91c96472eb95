package media

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// partSize is how much of a body is in memory at a time. Without it minio-go
// reserves half a gigabyte for a body of unknown length.
const partSize = 8 << 20

// removeTimeout bounds taking back an object that must not stay.
const removeTimeout = 10 * time.Second

// BucketOptions says where a bucket is and how to get in.
type BucketOptions struct {
	// Endpoint is host:port.
	Endpoint string
	Bucket   string
	Access   string
	Secret   string
	// Region may be empty; the server is then asked for it.
	Region string
	// Insecure speaks plain HTTP.
	Insecure bool
}

// Bucket keeps objects in a bucket of any S3 server. The bucket must exist:
// making one is for people with more rights than this program should have.
type Bucket struct {
	client    *minio.Client
	transport *http.Transport
	name      string
}

// OpenBucket prepares a client and talks to nobody yet; Check does.
func OpenBucket(options BucketOptions) (*Bucket, error) {
	transport := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: time.Minute,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       time.Minute,
		DisableCompression:    true, // else minio-go hands out objects unpacked and of another size
	}
	client, err := minio.New(options.Endpoint, &minio.Options{
		Creds:  credentials.NewStaticV4(options.Access, options.Secret, ""),
		Secure: !options.Insecure, Region: options.Region, Transport: transport,
		MaxRetries: 3,
	})
	if err != nil {
		return nil, fmt.Errorf("open bucket: %w", err)
	}
	return &Bucket{client: client, transport: transport, name: options.Bucket}, nil
}

// Put implements Store.
func (b *Bucket) Put(ctx context.Context, key Key, body io.Reader, size int64, contentType string) (Info, error) {
	if err := key.Check(); err != nil {
		return Info{}, fmt.Errorf("put file: %w", err)
	}
	m := measure(ctx, body, size)
	whole := bufio.NewReaderSize(m, 4<<10)
	options := minio.PutObjectOptions{ContentType: contentType, PartSize: partSize}
	switch _, err := whole.Peek(1); {
	case errors.Is(err, io.EOF):
		// minio-go signs even nothing in chunks, and versitygw takes what is left of
		// such a body for the next request.
		size, options.DisableContentSha256 = 0, true
	case err != nil:
		return Info{}, fmt.Errorf("put file: %w", err)
	case size == 0:
		return Info{}, fmt.Errorf("put file: %w", ErrSize)
	}
	if _, err := b.client.PutObject(ctx, b.name, string(key), whole, size, options); err != nil {
		return Info{}, fmt.Errorf("put file: %w", explain(err))
	}
	if err := m.drained(); err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), removeTimeout)
		defer cancel()
		return Info{}, errors.Join(fmt.Errorf("put file: %w", err), b.Delete(ctx, key))
	}
	return m.info(contentType), nil
}

// Get implements Store.
func (b *Bucket) Get(ctx context.Context, key Key) (*Object, error) {
	if err := key.Check(); err != nil {
		return nil, fmt.Errorf("get file: %w", err)
	}
	object, err := b.client.GetObject(ctx, b.name, string(key), minio.GetObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("get file: %w", explain(err))
	}
	info, err := object.Stat()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("get file: %w", explain(err)), object.Close())
	}
	return &Object{ReadSeekCloser: object, Info: Info{Size: info.Size, ContentType: info.ContentType}}, nil
}

// Delete implements Store.
func (b *Bucket) Delete(ctx context.Context, key Key) error {
	if err := key.Check(); err != nil {
		return fmt.Errorf("delete file: %w", err)
	}
	err := explain(b.client.RemoveObject(ctx, b.name, string(key), minio.RemoveObjectOptions{}))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("delete file: %w", err)
	}
	return nil
}

// Check implements Store.
func (b *Bucket) Check(ctx context.Context) error {
	there, err := b.client.BucketExists(ctx, b.name)
	if err != nil {
		return fmt.Errorf("look for bucket %s: %w", b.name, explain(err))
	}
	if !there {
		return fmt.Errorf("look for bucket %s: there is none of this name", b.name)
	}
	return roundTrip(ctx, b)
}

// Close implements Store.
func (b *Bucket) Close() { b.transport.CloseIdleConnections() }

// explain turns the server's word into ours.
func explain(err error) error {
	if err == nil {
		return nil
	}
	answer := minio.ToErrorResponse(err)
	if answer.Code == minio.NoSuchKey || answer.StatusCode == http.StatusNotFound && answer.Code != minio.NoSuchBucket {
		return ErrNotFound
	}
	return err
}
