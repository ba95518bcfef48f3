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
package io.cameliot.testinfra.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The users and routes of a proxy, and the tunnels that it has opened. */
final class ProxyRules {

    private static final Logger LOG = LoggerFactory.getLogger(ProxyRules.class);

    private String user;
    private String password;
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final Map<String, InetSocketAddress> routes = new ConcurrentHashMap<>();
    private final List<String> targets = new CopyOnWriteArrayList<>();

    void requireUser(String name, String secret) {
        user = name;
        password = secret;
    }

    void refuse(String host) {
        refused.add(host);
    }

    void route(String host, int port, InetSocketAddress address) {
        routes.put(target(host, port), address);
    }

    boolean requiresUser() {
        return user != null;
    }

    boolean accepts(String name, String secret) {
        boolean accepted = name.equals(user) && secret.equals(password);
        if (!accepted) {
            LOG.info("User name or password of {} is wrong", name);
        }
        return accepted;
    }

    boolean refuses(String host) {
        if (refused.contains(host)) {
            LOG.info("Tunnel to {} refused, as the test wants it", host);
            return true;
        }
        return false;
    }

    InetSocketAddress resolve(String host, int port) throws UnknownHostException {
        InetSocketAddress routed = routes.get(target(host, port));
        return routed != null ? routed : new InetSocketAddress(InetAddress.getByName(host), port);
    }

    void opened(String target) {
        LOG.debug("Tunnel to {} opened", target);
        targets.add(target);
    }

    List<String> targets() {
        return List.copyOf(targets);
    }

    static String target(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    String userInfo() {
        return user == null ? "" : encode(user) + ":" + encode(password) + "@";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
