package wire

import (
	"converse/internal/chat"
	conversev1 "converse/internal/gen/converse/v1"
)

// Erasure is the erasing of a lead.
func Erasure(e chat.Erasure) *conversev1.Erasure {
	return &conversev1.Erasure{
		Id: string(e.ID), LeadId: string(e.Lead), RequestedByName: e.RequestedByName, RequestedAt: Time(e.RequestedAt), State: e.State,
		Total: int32(e.Total), Handled: int32(e.Handled), Messages: int32(e.Messages), Files: int32(e.Files), Callbacks: int32(e.Callbacks),
		FinishedAt: Time(e.FinishedAt),
	}
}

// Retention is how long one kind of thing is kept.
func Retention(r chat.Retention) *conversev1.Retention {
	return &conversev1.Retention{
		Kind: string(r.Kind), Days: int32(r.Days), DefaultDays: int32(r.Default), LeastDays: int32(r.Least), MostDays: int32(r.Most),
		RanAt: Time(r.RanAt), Removed: int32(r.Removed), RemovedTotal: float64(r.RemovedTotal),
	}
}
