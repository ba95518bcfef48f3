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

import io.cameliot.testinfra.awsiot.auth.UriEncoding.Parameter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
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
        String canonicalRequest = String.join(
                "\n",
                request.method(),
                canonicalPath(request.path()),
                canonicalQuery(request.query(), signedParameters),
                canonicalHeaders(request, signedHeaders),
                String.join(";", signedHeaders),
                sha256(request.body()));
        String stringToSign = String.join(
                "\n", ALGORITHM, timestamp, scope.text(), sha256(canonicalRequest.getBytes(StandardCharsets.UTF_8)));
        byte[] key = ("AWS4" + secretAccessKey).getBytes(StandardCharsets.UTF_8);
        for (String step : List.of(scope.date(), scope.region(), scope.service(), TERMINATOR)) {
            key = hmac(key, step);
        }
        return HexFormat.of().formatHex(hmac(key, stringToSign));
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
                .map(parameter -> UriEncoding.encode(parameter.name()) + "=" + UriEncoding.encode(parameter.value()))
                .sorted()
                .collect(Collectors.joining("&"));
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
}
