//! API Gateway's event (payload format 2.0) as an HTTP request, and the answer back.
//!
//! Of `lambda_http` only the types are used: its own conversion panics on a query string that is no URI and on a body
//! that is not the base64 it claims to be, and both are the caller's. Neither path nor query plays a part here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response};
use lambda_http::Body;
use lambda_http::aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};

/// The request as it was sent: its body is the bytes that Ditto signed. One that claims to be base64 and is not has no
/// bytes, and so no signature that could fit.
#[must_use]
pub fn request(event: ApiGatewayV2httpRequest) -> Request<Bytes> {
    let body = event.body.unwrap_or_default();
    let body = if event.is_base64_encoded {
        STANDARD.decode(body).unwrap_or_default()
    } else {
        body.into_bytes()
    };
    let mut request = Request::new(Bytes::from(body));
    *request.method_mut() = event.request_context.http.method;
    *request.headers_mut() = event.headers;
    request
}

/// The answer as API Gateway takes it.
pub(crate) fn response(answer: Response<Bytes>) -> ApiGatewayV2httpResponse {
    let (head, body) = answer.into_parts();
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = head.status.as_u16().into();
    response.headers = head.headers;
    response.body = Some(Body::Text(String::from_utf8_lossy(&body).into_owned()));
    response
}
