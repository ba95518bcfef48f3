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
package io.cameliot.awsiot.link;

import io.cameliot.awsiot.settings.ConnectionSettings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Keeps one {@link DeviceLink} for all endpoints with equal {@link ConnectionSettings}, and closes it when its last
 * user releases it.
 *
 * <p>AWS IoT Core drops the older of two connections with the same client identifier, so the endpoints must share one.
 */
public final class DeviceLinkManager {

    private final BiFunction<ConnectionSettings, Predecessor, DeviceLink> factory;
    private final Consumer<DeviceLink> onOpen;
    private final Consumer<DeviceLink> onClose;
    private final Map<ConnectionSettings, Shared> links = new HashMap<>(); // guarded by this
    private final Set<Claim> claims = new HashSet<>(); // guarded by this
    /** Links that may hold up the CONNECT of the next link with their client identifier. */
    private final Map<Claim, Predecessor> predecessors = new HashMap<>(); // guarded by this

    /** A client identifier in use. AWS IoT Core allows one connection for each. */
    private record Claim(String clientId, String endpoint) {

        /** Returns null for settings without a client identifier, because a generated one is unique. */
        static Claim of(ConnectionSettings settings) {
            return settings.clientId() == null
                    ? null
                    : new Claim(settings.clientId(), settings.endpoint().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * @param factory creates the link for the settings, without connecting it; the predecessor is the link that had their
     *     client identifier before, whatever its other settings
     * @param onOpen called with each new link
     * @param onClose called with each link before it is closed
     */
    public DeviceLinkManager(
            BiFunction<ConnectionSettings, Predecessor, DeviceLink> factory,
            Consumer<DeviceLink> onOpen,
            Consumer<DeviceLink> onClose) {
        this.factory = factory;
        this.onOpen = onOpen;
        this.onClose = onClose;
    }

    /**
     * Returns the link for these settings, and creates it if there is none. Does not connect it. The caller must call
     * {@link #release} once for each call.
     *
     * @param type the type of link that the caller needs
     * @throws IllegalArgumentException if the client identifier is in use with other settings
     */
    public synchronized <L extends DeviceLink> L acquire(ConnectionSettings settings, Class<L> type) {
        Shared shared = links.computeIfAbsent(settings, this::open);
        L link = type.cast(shared.link);
        shared.users++;
        return link;
    }

    private Shared open(ConnectionSettings settings) {
        Claim claim = Claim.of(settings);
        if (claims.contains(claim)) {
            throw inUse(claim);
        }
        predecessors.values().removeIf(Predecessor::isOver);
        DeviceLink link = factory.apply(settings, predecessors.getOrDefault(claim, Predecessor.NONE));
        onOpen.accept(link);
        if (claim != null) {
            claims.add(claim);
        }
        return new Shared(link);
    }

    /**
     * Releases a link, and closes it if this was its last user.
     *
     * @return completes when the link is closed; at once while others use it
     */
    public synchronized CompletableFuture<Void> release(DeviceLink link) {
        Shared shared = links.get(link.settings());
        if (shared == null || shared.link != link || --shared.users > 0) {
            return CompletableFuture.completedFuture(null);
        }
        Claim claim = Claim.of(link.settings());
        links.remove(link.settings());
        claims.remove(claim);
        onClose.accept(link);
        CompletableFuture<Void> closed = link.close();
        // One that has sent no CONNECT, as by HTTPS, leaves the predecessor before it in place.
        if (claim != null && link.lastConnect().isPresent()) {
            predecessors.put(claim, new Predecessor(closed, link.lastConnect()));
        }
        return closed;
    }

    /** Returns whether the next {@link #release} closes the link. */
    public synchronized boolean isLastUser(DeviceLink link) {
        Shared shared = links.get(link.settings());
        return shared != null && shared.link == link && shared.users == 1;
    }

    /**
     * Closes all links, including those still in use.
     *
     * @return completes when they are closed
     */
    public synchronized CompletableFuture<Void> closeAll() {
        List<DeviceLink> open =
                links.values().stream().map(shared -> shared.link).toList();
        links.clear();
        claims.clear();
        open.forEach(onClose);
        return CompletableFuture.allOf(open.stream().map(DeviceLink::close).toArray(CompletableFuture[]::new));
    }

    private static IllegalArgumentException inUse(Claim claim) {
        return new IllegalArgumentException("Option clientId '" + claim.clientId()
                + "' is in use by an endpoint with other connection options (port, credentials, will, session or"
                + " timing): AWS IoT Core keeps one connection per client id. Give both endpoints the same options"
                + " or different client ids");
    }

    private static final class Shared {

        private final DeviceLink link;
        private int users;

        Shared(DeviceLink link) {
            this.link = link;
        }
    }
}
