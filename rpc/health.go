package rpc

import (
	"context"
	"net/http"

	healthv1 "converse/internal/gen/grpc/health/v1"
	"converse/internal/gen/grpc/health/v1/healthv1connect"
)

// HealthHandler answers grpc.health.v1.Health: serving while ready reports no error.
// It asks for no sign-in and belongs on the internal address.
func HealthHandler(ready func(context.Context) error) (string, http.Handler) {
	return healthv1connect.NewHealthHandler(&health{ready: ready})
}

// health leaves watching to pollers: a stream would hold a connection for each.
type health struct {
	healthv1connect.UnimplementedHealthHandler
	ready func(context.Context) error
}

func (h *health) Check(ctx context.Context, _ *healthv1.HealthCheckRequest) (*healthv1.HealthCheckResponse, error) {
	status := healthv1.HealthCheckResponse_SERVING
	if h.ready(ctx) != nil {
		status = healthv1.HealthCheckResponse_NOT_SERVING
	}
	return &healthv1.HealthCheckResponse{Status: status}, nil
}
