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
 * A forward proxy on {@code 127.0.0.1} and a free port, as companies have them: HTTP CONNECT by LittleProxy, SOCKS 5 by
 * Netty's codecs. It tunnels what it is asked for, and remembers what that was.
 *
 * <pre>{@code
 * try (ForwardProxy proxy = ForwardProxy.http().requireUser("factory", "secret").start()) {
 *     String option = proxy.uri(); // http://factory:secret@127.0.0.1:41234
 * }
 * }</pre>
 */
public final class ForwardProxy implements AutoCloseable {

    /** What speaks the proxy's protocol. */
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
     * Begins a proxy that takes HTTP CONNECT (RFC 9110, section 9.3.6), with Basic authentication if a user is required.
     *
     * @return a builder
     */
    public static Builder http() {
        return new Builder("http");
    }

    /**
     * Begins a proxy that takes SOCKS 5 (RFC 1928), with user name and password (RFC 1929) if a user is required.
     *
     * @return a builder
     */
    public static Builder socks5() {
        return new Builder("socks5");
    }

    /**
     * The port that the proxy listens on.
     *
     * @return a port of {@code 127.0.0.1}
     */
    public int port() {
        return listener.port();
    }

    /**
     * The proxy's address as the option {@code proxy} has it, with user and password where they are required.
     *
     * @return such as {@code socks5://127.0.0.1:41234}
     */
    public String uri() {
        return scheme + "://" + rules.userInfo() + "127.0.0.1:" + port();
    }

    /**
     * The tunnels that were opened so far, in that order, closed ones too.
     *
     * @return the address of each as the client named it: {@code host:port}, with an IPv6 literal in brackets
     */
    public List<String> targets() {
        return rules.targets();
    }

    /** Cuts all tunnels, stops listening and ends the threads. */
    @Override
    public void close() {
        listener.close();
    }

    /** What a proxy is to be like. */
    public static final class Builder {

        private final String scheme;
        private final ProxyRules rules = new ProxyRules();

        private Builder(String scheme) {
            this.scheme = scheme;
        }

        /**
         * Serves nobody but this user.
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
         * Refuses tunnels to a host: status 403, or SOCKS reply 2.
         *
         * @param host as clients name it
         * @return this
         */
        public Builder refuse(String host) {
            rules.refuse(host);
            return this;
        }

        /**
         * Finds an address elsewhere, as a proxy does whose DNS knows more than the client's.
         *
         * @param host as clients name it
         * @param port as clients name it
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
         * @return the proxy, to be closed
         */
        public ForwardProxy start() {
            return new ForwardProxy(
                    scheme, rules, scheme.equals("http") ? new HttpConnectListener(rules) : new Socks5Listener(rules));
        }
    }
}
