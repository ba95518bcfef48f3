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
package io.cameliot.common.tls;

import io.cameliot.common.tls.TlsConnectException.Reason;
import java.io.EOFException;
import java.io.IOException;

/** Has a forward proxy connect to the target's address, so that the bytes that follow are the target's. */
abstract class ProxyTunnel {

    private final TlsTarget target;

    ProxyTunnel(TlsTarget target) {
        this.target = target;
    }

    static ProxyTunnel to(TlsTarget target) {
        return switch (target.proxy().scheme()) {
            case HTTP -> new HttpConnectTunnel(target);
            case SOCKS5 -> new Socks5Tunnel(target);
        };
    }

    /**
     * Asks for the tunnel.
     *
     * @param transport connected to the proxy
     * @throws TlsConnectException if the proxy refuses
     */
    final void open(Transport transport) throws IOException {
        try {
            negotiate(transport);
        } catch (EOFException e) {
            throw new TlsConnectException(
                    Reason.CONNECTION_LOST,
                    message("the proxy closed the connection instead of opening a tunnel: check option proxy"),
                    e);
        }
    }

    abstract void negotiate(Transport transport) throws IOException;

    final ProxyAddress proxy() {
        return target.proxy();
    }

    final HostAndPort destination() {
        return target.destination();
    }

    final TlsConnectException wantsUser(String answer) {
        return failure(
                Reason.PROXY_REFUSED,
                proxy().hasUser()
                        ? "the proxy does not accept the user name and password of option proxy, or of proxyUsername and"
                                + " proxyPassword (" + answer + ")"
                        : "the proxy wants a user name and a password (" + answer + "): set options proxyUsername and"
                                + " proxyPassword");
    }

    final TlsConnectException forbids(String answer) {
        return failure(
                Reason.PROXY_REFUSED,
                "the proxy refuses to connect to " + destination() + " (" + answer
                        + "): have it allow that address, or check option " + target.destinationOption());
    }

    final TlsConnectException cannotReach(String answer) {
        return failure(
                Reason.UNREACHABLE,
                "the proxy cannot reach " + destination() + " (" + answer + "): check option "
                        + target.destinationOption() + " and the port, and the proxy's DNS and network");
    }

    final TlsConnectException isNone(String protocol) {
        return failure(
                Reason.NO_COMMON_PROTOCOL,
                "what listens there is no " + protocol + " proxy: check scheme, host and port of option proxy");
    }

    final TlsConnectException failure(Reason reason, String what) {
        return new TlsConnectException(reason, message(what), null);
    }

    private String message(String what) {
        return "Cannot connect to " + target + ": " + what;
    }
}
