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
import java.util.List;

/**
 * A forward proxy on a free port of {@code 127.0.0.1}: HTTP CONNECT with LittleProxy, SOCKS 5 with Netty's codecs. It
 * opens the requested tunnels and records them.
 * <pre>{@code
 * try (ForwardProxy proxy = ForwardProxy.http().requireUser("factory", "secret").start()) {
 *     String option = proxy.uri(); // http://factory:secret@127.0.0.1:41234
 * }
 * }</pre>
 */
public final class ForwardProxy implements AutoCloseable {

    /** The server of the proxy's protocol. */
    interface Listener extends AutoCloseable {
        int port();

        @Override
        void close();
    }

    private final String scheme;
    private final ProxyRules rules;
    private final Listener listener;

    private ForwardProxy(String scheme, ProxyRules rules, Listener listener) {
        this.scheme = scheme;
        this.rules = rules;
        this.listener = listener;
    }

    /**
     * Creates a builder for a proxy with HTTP CONNECT (RFC 9110, section 9.3.6), with Basic authentication if a user is
     * required.
     *
     * @return a builder
     */
    public static Builder http() {
        return new Builder("http");
    }

    /**
     * Creates a builder for a proxy with SOCKS 5 (RFC 1928), with user name and password (RFC 1929) if a user is
     * required.
     *
     * @return a builder
     */
    public static Builder socks5() {
        return new Builder("socks5");
    }

    /**
     * The port of the proxy.
     *
     * @return a port of {@code 127.0.0.1}
     */
    public int port() {
        return listener.port();
    }

    /**
     * The proxy's address in the form of the option {@code proxy}, with user and password if they are required.
     *
     * @return such as {@code socks5://127.0.0.1:41234}
     */
    public String uri() {
        return scheme + "://" + rules.userInfo() + "127.0.0.1:" + port();
    }

    /**
     * All tunnels that have been opened, including closed ones, in the order of opening.
     *
     * @return their addresses as the clients sent them: {@code host:port}, with an IPv6 literal in brackets
     */
    public List<String> targets() {
        return rules.targets();
    }

    /** Closes all tunnels, stops listening and ends the threads. */
    @Override
    public void close() {
        listener.close();
    }

    /** The settings of a proxy. */
    public static final class Builder {

        private final String scheme;
        private final ProxyRules rules = new ProxyRules();

        private Builder(String scheme) {
            this.scheme = scheme;
        }

        /**
         * Requires a user.
         *
         * @param name user name
         * @param password the user's password
         * @return this
         */
        public Builder requireUser(String name, String password) {
            rules.requireUser(name, password);
            return this;
        }

        /**
         * Refuses tunnels to a host with status 403 or SOCKS reply 2.
         *
         * @param host the host as clients send it
         * @return this
         */
        public Builder refuse(String host) {
            rules.refuse(host);
            return this;
        }

        /**
         * Redirects an address, like a proxy whose DNS has names that the client's has not.
         *
         * @param host the host as clients send it
         * @param port the port as clients send it
         * @param actualPort the port of {@code 127.0.0.1} to connect to instead
         * @return this
         */
        public Builder route(String host, int port, int actualPort) {
            rules.route(host, port, new InetSocketAddress(InetAddress.getLoopbackAddress(), actualPort));
            return this;
        }

        /**
         * Starts to listen.
         *
         * @return the proxy, which must be closed
         */
        public ForwardProxy start() {
            return new ForwardProxy(
                    scheme, rules, scheme.equals("http") ? new HttpConnectListener(rules) : new Socks5Listener(rules));
        }
    }
}
