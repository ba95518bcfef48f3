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

import io.cameliot.testinfra.awsiot.auth.SigV4Signature.Scope;
import io.cameliot.testinfra.awsiot.auth.UriEncoding.Parameter;
import io.cameliot.testinfra.event.AwsIotRule;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Verifies AWS Signature Version 4 like AWS IoT Core's data endpoint, in both forms: in the query, as in WebSocket
 * upgrades, or in the header {@code Authorization}.
 *
 * <p>In the query the session token is not signed: AWS IoT Core refuses a signature that covers it. In the header it is
 * one of the signed headers.
 */
public final class SigV4Verifier {
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);
    private static final Set<String> SERVICES = Set.of("iotdevicegateway", "iotdata");
    private static final DateTimeFormatter TIMESTAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT);
    private static final String SECURITY_TOKEN_HEADER = "x-amz-security-token";
    private static final String SECURITY_TOKEN_PARAMETER = "X-Amz-Security-Token";
    static final String SIGNATURE_PARAMETER = "X-Amz-Signature";

    private final String region;
    private final Clock clock;
    private final InstantSource expiryClock;
    private final Map<String, IamCredentials> credentials = new ConcurrentHashMap<>();

    /**
     * Creates a verifier without credentials.
     *
     * @param region the region of the endpoint
     * @param clock the time for checking signatures
     */
    public SigV4Verifier(String region, Clock clock) {
        this(region, clock, clock);
    }

    /**
     * Creates a verifier without credentials.
     *
     * @param region the region of the endpoint
     * @param clock the time for checking signatures
     * @param expiryClock the time for checking the expiration of credentials
     */
    public SigV4Verifier(String region, Clock clock, InstantSource expiryClock) {
        this.region = region;
        this.clock = clock;
        this.expiryClock = expiryClock;
    }

    /**
     * Registers credentials.
     *
     * @param known replaces those with the same access key id
     */
    public void register(IamCredentials known) {
        credentials.put(known.accessKeyId(), known);
    }

    /**
     * Removes credentials, as if the key were deleted.
     *
     * @param accessKeyId the access key's id
     */
    public void forget(String accessKeyId) {
        credentials.remove(accessKeyId);
    }

    /**
     * Whether a request carries a signature, valid or not.
     *
     * @param request the request
     * @return true if {@link #verify} must decide on it
     */
    public static boolean isSigned(SignedRequest request) {
        return request.header("authorization").stream().anyMatch(value -> value.startsWith(SigV4Signature.ALGORITHM))
                || UriEncoding.parameters(request.query())
                        .anyMatch(parameter -> parameter.name().equals(SIGNATURE_PARAMETER));
    }

    /**
     * Verifies a request.
     *
     * @param request the request
     * @return the owner of the signing key
     * @throws SigV4RejectedException if the signature is missing, wrong, too old or too new, or its key is unknown
     */
    public Principal verify(SignedRequest request) throws SigV4RejectedException {
        Claim claim = request.header("authorization").isEmpty() ? inQuery(request) : inHeader(request);
        Scope scope = claim.scope();
        if (!scope.region().equals(region) || !SERVICES.contains(scope.service())) {
            throw new SigV4RejectedException(
                    AwsIotRule.SIGNATURE_FORM,
                    "Credential should be scoped to region " + region + " and service " + "iotdevicegateway, not to "
                            + scope.region() + " and " + scope.service());
        }
        IamCredentials known = Optional.ofNullable(credentials.get(scope.accessKeyId()))
                .orElseThrow(() -> new SigV4RejectedException(
                        AwsIotRule.SIGNATURE_KEY, "The security token included in the request is invalid"));
        if (!known.sessionToken().equals(claim.sessionToken())) {
            throw new SigV4RejectedException(
                    AwsIotRule.SIGNATURE_KEY, "The security token included in the request is invalid");
        }
        Instant now = clock.instant();
        if (known.expiration()
                .filter(expiration -> !expiryClock.instant().isBefore(expiration))
                .isPresent()) {
            throw new SigV4RejectedException(
                    AwsIotRule.SIGNATURE_KEY, "The security token included in the request is expired");
        }
        checkTime(claim, now);
        String expected = SigV4Signature.compute(
                request,
                claim.signedHeaders(),
                claim.signedParameters(),
                claim.timestamp(),
                scope,
                known.secretAccessKey());
        if (!claim.signedHeaders().contains("host") || !isEqual(expected, claim.signature())) {
            throw new SigV4RejectedException(
                    AwsIotRule.SIGNATURE,
                    "The request signature we calculated does not match the signature you"
                            + " provided. Check your AWS Secret Access Key and signing method.",
                    () -> SigV4Signature.diagnose(request, claim, known.secretAccessKey()));
        }
        return new Principal(Principal.Authentication.SIGV4, scope.accessKeyId());
    }

    private static void checkTime(Claim claim, Instant now) throws SigV4RejectedException {
        Instant signed;
        try {
            signed = LocalDateTime.parse(claim.timestamp(), TIMESTAMP).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new SigV4RejectedException(
                    AwsIotRule.SIGNATURE_FORM,
                    "Date must be in ISO-8601 'basic format'. Got '" + claim.timestamp() + "'");
        }
        if (!claim.timestamp().startsWith(claim.scope().date())) {
            throw new SigV4RejectedException(
                    AwsIotRule.SIGNATURE_FORM,
                    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of" + " date from HTTP: '"
                            + claim.scope().date() + "' != '" + claim.timestamp() + "'");
        }
        if (signed.plus(MAX_SKEW).isBefore(now)) {
            throw new SigV4RejectedException(
                    AwsIotRule.SIGNATURE_FORM,
                    "Signature expired: " + claim.timestamp() + " is now earlier than "
                            + TIMESTAMP.format(now.minus(MAX_SKEW).atOffset(ZoneOffset.UTC)));
        }
        if (signed.minus(MAX_SKEW).isAfter(now)) {
            throw new SigV4RejectedException(
                    AwsIotRule.SIGNATURE_FORM,
                    "Signature not yet current: " + claim.timestamp() + " is still later than "
                            + TIMESTAMP.format(now.plus(MAX_SKEW).atOffset(ZoneOffset.UTC)));
        }
    }

    /** The parts of a request's signature. */
    record Claim(
            Scope scope,
            String timestamp,
            List<String> signedHeaders,
            Predicate<Parameter> signedParameters,
            Optional<String> sessionToken,
            String signature) {}

    private static Claim inQuery(SignedRequest request) throws SigV4RejectedException {
        Map<String, String> parameters = UriEncoding.parameters(request.query())
                .collect(Collectors.toMap(Parameter::name, Parameter::value, (first, second) -> first));
        if (!SigV4Signature.ALGORITHM.equals(parameters.get("X-Amz-Algorithm"))) {
            throw new SigV4RejectedException(AwsIotRule.SIGNATURE_FORM, "Missing Authentication Token");
        }
        return new Claim(
                Scope.parse(required(parameters, "X-Amz-Credential")),
                required(parameters, "X-Amz-Date"),
                List.of(required(parameters, "X-Amz-SignedHeaders").split(";")),
                parameter -> !parameter.name().equals(SIGNATURE_PARAMETER)
                        && !parameter.name().equals(SECURITY_TOKEN_PARAMETER),
                Optional.ofNullable(parameters.get(SECURITY_TOKEN_PARAMETER)),
                required(parameters, SIGNATURE_PARAMETER));
    }

    private static Claim inHeader(SignedRequest request) throws SigV4RejectedException {
        String authorization = request.header("authorization").get(0);
        if (!authorization.startsWith(SigV4Signature.ALGORITHM + " ")) {
            throw new SigV4RejectedException(
                    AwsIotRule.SIGNATURE_FORM, "Authorization header requires " + SigV4Signature.ALGORITHM);
        }
        Map<String, String> parts = Stream.of(authorization
                        .substring(SigV4Signature.ALGORITHM.length())
                        .split(","))
                .map(String::trim)
                .filter(part -> part.contains("="))
                .collect(Collectors.toMap(
                        part -> part.substring(0, part.indexOf('=')),
                        part -> part.substring(part.indexOf('=') + 1),
                        (first, second) -> first));
        List<String> signedHeaders = List.of(required(parts, "SignedHeaders").split(";"));
        List<String> timestamp = request.header("x-amz-date");
        List<String> token = request.header(SECURITY_TOKEN_HEADER);
        if (timestamp.isEmpty() || !signedHeaders.contains("x-amz-date")) {
            throw new SigV4RejectedException(
                    AwsIotRule.SIGNATURE_FORM, "The header x-amz-date must be sent and signed");
        }
        if (!token.isEmpty() && !signedHeaders.contains(SECURITY_TOKEN_HEADER)) {
            throw new SigV4RejectedException(
                    AwsIotRule.SIGNATURE_FORM, "The header " + SECURITY_TOKEN_HEADER + " must be signed");
        }
        return new Claim(
                Scope.parse(required(parts, "Credential")),
                timestamp.get(0),
                signedHeaders,
                parameter -> true,
                token.stream().findFirst(),
                required(parts, "Signature"));
    }

    private static String required(Map<String, String> values, String name) throws SigV4RejectedException {
        String value = values.get(name);
        if (value == null || value.isEmpty()) {
            throw new SigV4RejectedException(AwsIotRule.SIGNATURE_FORM, "Authorization requires '" + name + "'");
        }
        return value;
    }

    private static boolean isEqual(String expected, String offered) {
        return MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII), offered.getBytes(StandardCharsets.UTF_8));
    }
}
