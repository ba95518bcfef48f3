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
package io.cameliot.common.camel;

import io.cameliot.common.transport.ConnectAdvice;
import io.cameliot.common.transport.ConnectFault;
import io.cameliot.common.transport.ServerAddress;
import io.cameliot.common.transport.TlsTarget;

/**
 * Names the options that fix a connection fault, as far as the components share these options. A component overrides
 * the advice for a fault that has another meaning with its server.
 */
public class OptionAdvice implements ConnectAdvice {

    private final String hostOption;
    private final String portOption;

    /**
     * Creates the advice of a component.
     *
     * @param hostOption the option that names the server
     * @param portOption the option that decides its port
     */
    public OptionAdvice(String hostOption, String portOption) {
        this.hostOption = hostOption;
        this.portOption = portOption;
    }

    @Override
    public String on(ConnectFault fault, TlsTarget target) {
        ServerAddress address = target.address();
        return switch (fault) {
            case NAME_UNKNOWN -> ": check option " + dialledOption(address) + " and the network's DNS";
            case ADDRESS_UNREACHABLE -> ": check option " + dialledOption(address) + " and the port";
            case NO_ANSWER ->
                ": check " + (address.proxy() == null ? "option " : "options proxy and ") + destinationOption(address)
                        + " and the port, and that every firewall on the way lets it through";
            case NO_TLS -> ": check options " + dialledOption(address) + " and " + portOption;
            case NO_TLS_VERSION, NO_WEB_SOCKET, UPGRADE_CUT -> checkHostAndPort();
            case HANDSHAKE_REFUSED, HANDSHAKE_CUT ->
                checkHostAndPort()
                        + (target.tls().alpn() == null
                                ? ""
                                : ", and the ALPN name " + target.tls().alpn());
            case CERTIFICATE_OUT_OF_DATE -> ": check this machine's clock, then the server";
            case CERTIFICATE_OF_UNKNOWN_CA ->
                ": set option caFile to the CA certificate of the server, or check that option " + hostOption
                        + " names the right server"
                        + (address.proxy() == null
                                ? ""
                                : " (a proxy that opens TLS shows a certificate of its own CA)");
            case CERTIFICATE_OF_OTHER_HOST, UPGRADE_NOT_FOUND -> ": check option " + hostOption;
            case CLIENT_CERTIFICATE_REFUSED ->
                ": check that options certificateFile and privateKeyFile are set, that the certificate is registered and"
                        + " active there, and not expired";
            case PROXY_WANTS_LOGIN -> ": set options proxyUsername and proxyPassword";
            case PROXY_REFUSES_LOGIN -> " of option proxy, or of proxyUsername and proxyPassword";
            case PROXY_FORBIDS -> ": have it allow that address, or check option " + destinationOption(address);
            case PROXY_CANNOT_REACH ->
                ": check option " + destinationOption(address) + " and the port, and the proxy's DNS and network";
            case NO_PROXY -> ": check scheme, host and port of option proxy";
            case PROXY_CLOSED -> ": check option proxy";
            case UPGRADE_WANTS_PROXY_LOGIN ->
                ": give them with option proxy, or have the proxy let connections to " + address.host()
                        + " through without";
            case UPGRADE_REDIRECTED ->
                ", such as the log-in page of a network, or option " + hostOption
                        + " names another server: log in to the network or set option proxy, and check option "
                        + hostOption;
            case UPGRADE_NOT_UNDERSTOOD ->
                ": check option " + hostOption + ", and that every proxy on the way lets WebSockets through";
            case UPGRADE_UNAVAILABLE -> ": a later attempt can succeed";
            case UPGRADE_NOT_AUTHORIZED, NO_MQTT_5 -> "";
        };
    }

    private String checkHostAndPort() {
        return ": check options " + hostOption + " and " + portOption;
    }

    /** Returns the option that names the address to connect to, through the proxy if there is one. */
    private String destinationOption(ServerAddress address) {
        return address.connectTo() != null ? "connectTo" : hostOption;
    }

    /** Returns the option that names the address that this machine dials. */
    private String dialledOption(ServerAddress address) {
        return address.proxy() != null ? "proxy" : destinationOption(address);
    }
}
