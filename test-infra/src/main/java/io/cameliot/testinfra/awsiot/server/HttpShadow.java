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
package io.cameliot.testinfra.awsiot.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cameliot.testinfra.awsiot.auth.DevicePolicy.Action;
import io.cameliot.testinfra.awsiot.auth.Principal;
import io.cameliot.testinfra.awsiot.auth.SignedRequest;
import io.cameliot.testinfra.awsiot.auth.UriEncoding;
import io.cameliot.testinfra.awsiot.fault.Faults;
import io.cameliot.testinfra.awsiot.json.StrictJson;
import io.cameliot.testinfra.awsiot.session.GatewayServices;
import io.cameliot.testinfra.awsiot.shadow.ShadowId;
import io.cameliot.testinfra.awsiot.shadow.ShadowRejectedException;
import io.cameliot.testinfra.awsiot.topic.ResourceNames;
import io.cameliot.testinfra.net.HttpReply;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Answers GetThingShadow, UpdateThingShadow, DeleteThingShadow and ListNamedShadowsForThing (AWS IoT data plane API
 * reference). Clients of a custom authorizer may only publish over HTTPS. The documents do not tell the default page size
 * of the list; here it is the largest one.
 */
final class HttpShadow {
    private static final Pattern SHADOW = Pattern.compile("/things/(?<thing>[^/]+)/shadow");
    private static final Pattern LIST = Pattern.compile("/api/things/shadow/ListNamedShadowsForThing/(?<thing>[^/]+)");
    private static final Pattern THING_NAME = Pattern.compile(ResourceNames.THING);
    private static final Pattern SHADOW_NAME = Pattern.compile(ResourceNames.SHADOW);
    private static final Pattern PAGE_SIZE = Pattern.compile("[1-9][0-9]?|100");
    private static final String LARGEST_PAGE = "100";

    private final GatewayServices services;

    HttpShadow(GatewayServices services) {
        this.services = services;
    }

    /**
     * Answers a request.
     *
     * @return the response, or empty if the path is not one of a shadow
     */
    Optional<HttpReply> answer(Principal principal, SignedRequest request) {
        Matcher shadow = SHADOW.matcher(request.path());
        Matcher list = LIST.matcher(request.path());
        if (!shadow.matches() && !list.matches()) {
            return Optional.empty();
        }
        if (principal.authentication() == Principal.Authentication.CUSTOM) {
            return Optional.of(AwsReply.forbidden("Forbidden"));
        }
        try {
            Map<String, String> parameters = parameters(request);
            return Optional.of(
                    shadow.matches()
                            ? shadow(id(shadow.group("thing"), parameters), principal, request)
                            : list(thing(list.group("thing")), parameters, principal, request));
        } catch (ShadowRejectedException e) {
            return Optional.of(AwsReply.rejected(e.code(), e.getMessage()));
        } catch (IllegalArgumentException e) {
            return Optional.of(AwsReply.invalidRequest(e.getMessage()));
        }
    }

    private static Map<String, String> parameters(SignedRequest request) {
        Map<String, String> parameters = new HashMap<>();
        UriEncoding.parameters(request.query())
                .forEach(parameter -> parameters.put(parameter.name(), parameter.value()));
        return parameters;
    }

    private HttpReply shadow(ShadowId id, Principal principal, SignedRequest request) throws ShadowRejectedException {
        String resource = id.isClassic() ? id.thing() : id.thing() + "/" + id.name();
        return switch (request.method()) {
            case "GET" -> {
                require(principal, Action.GET_THING_SHADOW, resource);
                yield json(services.deviceServices().getShadow(id));
            }
            case "POST" -> {
                require(principal, Action.UPDATE_THING_SHADOW, resource);
                yield json(services.deviceServices().updateShadow(id, request.body()));
            }
            case "DELETE" -> {
                require(principal, Action.DELETE_THING_SHADOW, resource);
                yield json(services.deviceServices().deleteShadow(id));
            }
            default -> AwsReply.methodNotAllowed();
        };
    }

    private HttpReply list(String thing, Map<String, String> parameters, Principal principal, SignedRequest request)
            throws ShadowRejectedException {
        if (!request.method().equals("GET")) {
            return AwsReply.methodNotAllowed();
        }
        require(principal, Action.LIST_NAMED_SHADOWS, thing);
        String pageSize = parameters.getOrDefault("pageSize", LARGEST_PAGE);
        if (!PAGE_SIZE.matcher(pageSize).matches()) {
            throw new IllegalArgumentException("pageSize is 1 to " + LARGEST_PAGE + ", but is " + pageSize);
        }
        String after = parameters.getOrDefault("nextToken", "");
        List<String> rest = services.deviceServices().shadowNames(thing).stream()
                .filter(name -> name.compareTo(after) > 0)
                .toList();
        List<String> page = rest.stream().limit(Long.parseLong(pageSize)).toList();
        ObjectNode answer = StrictJson.object();
        page.forEach(answer.putArray("results")::add);
        if (page.size() < rest.size()) {
            answer.put("nextToken", page.get(page.size() - 1));
        }
        answer.put("timestamp", services.deviceServices().now().getEpochSecond());
        return AwsReply.json(StrictJson.text(answer));
    }

    private void require(Principal principal, Action action, String resource) throws ShadowRejectedException {
        if (!services.policyOf(Faults.NO_CLIENT_ID, principal).allows(action, resource)) {
            throw new ShadowRejectedException(403, "Forbidden");
        }
    }

    private static HttpReply json(byte[] body) {
        return AwsReply.json(new String(body, StandardCharsets.UTF_8));
    }

    private static ShadowId id(String encodedThing, Map<String, String> parameters) {
        String thing = thing(encodedThing);
        String name = parameters.get("name");
        return name == null ? ShadowId.classic(thing) : new ShadowId(thing, valid(SHADOW_NAME, name));
    }

    private static String thing(String encoded) {
        return valid(THING_NAME, UriEncoding.decode(encoded));
    }

    private static String valid(Pattern pattern, String name) {
        if (!pattern.matcher(name).matches()) {
            throw new IllegalArgumentException("The name " + name + " does not match " + pattern);
        }
        return name;
    }
}
