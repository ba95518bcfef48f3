/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.cameliot.testinfra.awsiot.auth;

import io.cameliot.testinfra.awsiot.auth.SigV4Verifier.Claim;
import io.cameliot.testinfra.awsiot.auth.UriEncoding.Parameter;
import io.cameliot.testinfra.event.AwsIotRule;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * AWS Signature Version 4. It is implemented from the specification ("Create a signed AWS API request", AWS Identity
 * and Access Management User Guide) and without an SDK, so that the component's signatures are checked independently.
 */
final class SigV4Signature {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String TERMINATOR = "aws4_request";

    private SigV4Signature() {}

    /**
     * The credential scope of a signature.
     *
     * @param accessKeyId the id of the signing key
     * @param date {@code yyyyMMdd}
     * @param region the region
     * @param service the service
     */
    record Scope(String accessKeyId, String date, String region, String service) {
        /** Reads {@code <access key id>/<date>/<region>/<service>/aws4_request}. */
        static Scope parse(String credential) throws SigV4RejectedException {
            String[] parts = credential.split("/", -1);
            if (parts.length != 5 || !parts[4].equals(TERMINATOR)) {
                throw new SigV4RejectedException(
                        AwsIotRule.SIGNATURE_FORM,
                        "Credential must have exactly 5 slash-delimited elements, the last one " + TERMINATOR);
            }
            return new Scope(parts[0], parts[1], parts[2], parts[3]);
        }

        private String text() {
            return String.join("/", date, region, service, TERMINATOR);
        }
    }

    /**
     * Computes the signature of a request.
     *
     * @param request the request
     * @param signedHeaders the names of the signed headers, in lower case and in order
     * @param signedParameters selects the signed query parameters
     * @param timestamp {@code yyyyMMdd'T'HHmmss'Z'}
     * @return lower case hex
     */
    static String compute(
            SignedRequest request,
            List<String> signedHeaders,
            Predicate<Parameter> signedParameters,
            String timestamp,
            Scope scope,
            String secretAccessKey) {
        return sign(canonical(request, signedHeaders, signedParameters), timestamp, scope, secretAccessKey);
    }

    private static Canonical canonical(
            SignedRequest request, List<String> signedHeaders, Predicate<Parameter> signedParameters) {
        return new Canonical(
                request.method(),
                canonicalPath(request.path()),
                canonicalQuery(request.query(), signedParameters),
                canonicalHeaders(request, signedHeaders),
                String.join(";", signedHeaders),
                sha256(request.body()));
    }

    private static String sign(Canonical canonical, String timestamp, Scope scope, String secretAccessKey) {
        String stringToSign = String.join(
                "\n",
                ALGORITHM,
                timestamp,
                scope.text(),
                sha256(canonical.text().getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + secretAccessKey).getBytes(StandardCharsets.UTF_8);
        for (String step : List.of(scope.date(), scope.region(), scope.service(), TERMINATOR)) {
            key = hmac(key, step);
        }
        return HexFormat.of().formatHex(hmac(key, stringToSign));
    }

    /** The six parts of a canonical request. */
    private record Canonical(
            String method, String path, String query, String headers, String signedHeaders, String payloadHash) {
        String text() {
            return String.join("\n", method, path, query, headers, signedHeaders, payloadHash);
        }

        Canonical withMethod(String other) {
            return new Canonical(other, path, query, headers, signedHeaders, payloadHash);
        }

        Canonical withPath(String other) {
            return new Canonical(method, other, query, headers, signedHeaders, payloadHash);
        }

        Canonical withQuery(String other) {
            return new Canonical(method, path, other, headers, signedHeaders, payloadHash);
        }

        Canonical withHeaders(String other) {
            return new Canonical(method, path, query, other, signedHeaders, payloadHash);
        }

        Canonical withPayloadHash(String other) {
            return new Canonical(method, path, query, headers, signedHeaders, other);
        }
    }

    /** Every service except S3 encodes the already encoded path a second time. */
    private static String canonicalPath(String path) {
        return path.isEmpty()
                ? "/"
                : Stream.of(path.split("/", -1)).map(UriEncoding::encode).collect(Collectors.joining("/"));
    }

    private static String canonicalQuery(String query, Predicate<Parameter> signed) {
        return UriEncoding.parameters(query)
                .filter(signed)
                .map(SigV4Signature::encoded)
                .sorted()
                .collect(Collectors.joining("&"));
    }

    private static String encoded(Parameter parameter) {
        return UriEncoding.encode(parameter.name()) + "=" + UriEncoding.encode(parameter.value());
    }

    private static String canonicalHeaders(SignedRequest request, List<String> names) {
        return names.stream()
                .map(name -> name + ":"
                        + request.header(name).stream()
                                .map(value -> value.trim().replaceAll(" +", " "))
                                .collect(Collectors.joining(","))
                        + "\n")
                .collect(Collectors.joining());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has HmacSHA256", e);
        }
    }

    /**
     * Finds the part of a canonical request that a client has signed differently: a signature shows no more than that it is
     * another one, so the usual mistakes are tried one by one.
     *
     * @return what differs, without secrets
     */
    static String diagnose(SignedRequest request, Claim claim, String secretAccessKey) {
        if (!claim.signedHeaders().contains("host")) {
            return "The header host is not among the signed headers " + claim.signedHeaders();
        }
        Canonical ours = canonical(request, claim.signedHeaders(), claim.signedParameters());
        return mistakes(request, claim, ours).entrySet().stream()
                .filter(mistake -> sign(mistake.getKey(), claim.timestamp(), claim.scope(), secretAccessKey)
                        .equals(claim.signature()))
                .findFirst()
                .map(mistake -> "One part of the canonical request differs: " + mistake.getValue())
                .orElseGet(
                        () -> "No usual mistake in the canonical request explains it, so probably the client signs with"
                                + " another secret access key than that of "
                                + claim.scope().accessKeyId()
                                + ". The canonical request here is:\n"
                                + ours.text().replaceAll("(?m)^(x-amz-security-token:).*", "$1(masked)"));
    }

    private static Map<Canonical, String> mistakes(SignedRequest request, Claim claim, Canonical ours) {
        Map<Canonical, String> mistakes = new LinkedHashMap<>();
        mistakes.put(
                ours.withPath(request.path()),
                "the path. The client signs it encoded once, and here it is encoded twice: " + ours.path());
        mistakes.put(
                ours.withQuery(canonicalQuery(
                        request.query(), parameter -> !parameter.name().equals(SigV4Verifier.SIGNATURE_PARAMETER))),
                "the query. The client signs X-Amz-Security-Token, which is to be added after signing");
        mistakes.put(
                ours.withQuery(UriEncoding.parameters(request.query())
                        .filter(claim.signedParameters())
                        .map(SigV4Signature::encoded)
                        .collect(Collectors.joining("&"))),
                "the query. The client does not sort its parameters");
        String host = String.join("", request.header("host"));
        String name = host.replaceAll(":[0-9]+$", "");
        for (String other : List.of(name, name + ":443", name + ":8443")) {
            mistakes.put(
                    ours.withHeaders(ours.headers().replace("host:" + host + "\n", "host:" + other + "\n")),
                    "the header host. The client signs " + other + " and sends " + host);
        }
        mistakes.put(
                ours.withPayloadHash("UNSIGNED-PAYLOAD"),
                "the hash of the body. The client signs UNSIGNED-PAYLOAD, which only Amazon S3 has");
        mistakes.put(
                ours.withPayloadHash(sha256(new byte[0])),
                "the hash of the body. The client signs an empty body and sends " + request.body().length + " bytes");
        for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
            mistakes.put(
                    ours.withMethod(method), "the method. The client signs " + method + " and sends " + ours.method());
        }
        mistakes.remove(ours);
        return mistakes;
    }
}
