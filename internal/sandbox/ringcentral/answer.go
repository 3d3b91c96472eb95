package ringcentral

import (
	"encoding/json"
	"net/http"

	"converse/internal/sandbox/stage"
)

// object is a JSON object that keeps to whatever fields its kind has.
type object = map[string]any

func answer(status int, value any) stage.Answer {
	return stage.Answer{Status: status, ContentType: "application/json;charset=utf-8", Body: encode(value)}
}

// refuse is an error in RingCentral's shape; the parameter may be empty.
func refuse(status int, code, message, parameter string) *stage.Answer {
	detail := object{"errorCode": code, "message": message}
	body := object{"errorCode": code, "message": message}
	if parameter != "" {
		detail["parameterName"], body["parameterName"] = parameter, parameter
	}
	body["errors"] = []object{detail}
	a := answer(status, body)
	a.Code = code
	return &a
}

func invalid(parameter string) *stage.Answer {
	return refuse(http.StatusBadRequest, "CMN-101", "Parameter ["+parameter+"] value is invalid", parameter)
}

func notFound(parameter string) *stage.Answer {
	if parameter == "" {
		return refuse(http.StatusNotFound, "CMN-102", "Resource not found", "")
	}
	return refuse(http.StatusNotFound, "CMN-102", "Resource for parameter ["+parameter+"] is not found", parameter)
}

func encode(value any) []byte {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err) // only plain values are written
	}
	return body
}

// number writes an id as answers have it, without quotes; one that is none as 0.
func number(id string) json.Number {
	for _, c := range id {
		if c < '0' || c > '9' {
			return "0"
		}
	}
	if id == "" {
		return "0"
	}
	return json.Number(id)
}
