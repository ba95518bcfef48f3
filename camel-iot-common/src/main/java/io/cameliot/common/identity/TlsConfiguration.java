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
package io.cameliot.common.identity;

import io.cameliot.common.text.SecretText;
import io.cameliot.common.transport.HostAndPort;
import io.cameliot.common.transport.ProxyAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.apache.camel.support.jsse.SSLContextParameters;

/** The options by which both components find the server, verify it and present a client certificate. */
@UriParams
public class TlsConfiguration implements Cloneable {

    private static final String LOGIN_OPTIONS = "options proxyUsername and proxyPassword";

    @UriParam(
            label = "security",
            description = "X.509 certificate of the device with its intermediate certificates, leaf first, as PEM."
                    + " A file path, or file:, classpath: or base64:. It is read at each connection attempt,"
                    + " so that a renewed certificate is used without a restart.")
    @Metadata(supportFileReference = true)
    private String certificateFile;

    @UriParam(
            label = "security",
            secret = true,
            description =
                    "Private key of the device certificate as PEM: PKCS#8, PKCS#1 or SEC1, encrypted ones too. A file"
                            + " path, or file:, classpath: or base64:.")
    @Metadata(supportFileReference = true)
    private String privateKeyFile;

    @UriParam(
            label = "security",
            secret = true,
            description = "Password of an encrypted private key, or of the key inside keyStoreFile if it differs from"
                    + " keyStorePassword.")
    private String privateKeyPassword;

    @UriParam(
            label = "security",
            description = "CA certificates of the server, as PEM. A file path, or file:, classpath: or base64:."
                    + " Without it the CA certificates of the JDK are trusted.")
    @Metadata(supportFileReference = true)
    private String caFile;

    @UriParam(
            label = "security",
            description =
                    "Key store (PKCS12 or JKS) that holds the device certificate and its private key. A file path, or"
                            + " file:, classpath: or base64:.")
    @Metadata(supportFileReference = true)
    private String keyStoreFile;

    @UriParam(label = "security", secret = true, description = "Password of the key store.")
    private String keyStorePassword;

    @UriParam(label = "security", description = "Alias of the key to use when the key store holds more than one.")
    private String keyAlias;

    @UriParam(
            label = "security",
            description = "TLS settings as Camel's SSLContextParameters, instead of the certificate, key and CA"
                    + " options. Use it for a key in an HSM (PKCS#11).")
    private SSLContextParameters sslContextParameters;

    @UriParam(
            label = "advanced",
            description = "Address to dial, as host:port, instead of the service's own name, which is then not"
                    + " resolved. TLS host name check, SNI, HTTP Host header and signatures use the name of"
                    + " the service. For emulators, port forwards and VPC endpoints.")
    private String connectTo;

    @UriParam(
            label = "proxy",
            secret = true,
            description =
                    "URL of a forward proxy to connect through: http://host:port (HTTP CONNECT) or socks5://host:port"
                            + " (SOCKS 5). The proxy resolves the name of the service. User name and password can stand"
                            + " before the host, percent-encoded, but are safer in proxyUsername and proxyPassword.")
    private String proxy;

    @UriParam(
            label = "proxy,security",
            secret = true,
            description = "User name for the forward proxy, without percent-encoding.")
    private String proxyUsername;

    @UriParam(
            label = "proxy,security",
            secret = true,
            description = "Password for the forward proxy, without percent-encoding.")
    private String proxyPassword;

    /** The names of the options that are set and describe a client certificate or its key. */
    public Set<String> clientCertificateOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("certificateFile", certificateFile);
        options.put("privateKeyFile", privateKeyFile);
        options.put("privateKeyPassword", privateKeyPassword);
        options.put("keyStoreFile", keyStoreFile);
        options.put("keyStorePassword", keyStorePassword);
        options.put("keyAlias", keyAlias);
        return options.entrySet().stream()
                .filter(option -> option.getValue() != null)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns a copy without client certificate and key, for a server to which this device shows none. */
    public TlsConfiguration withoutClientCertificate() {
        TlsConfiguration copy = copy();
        copy.certificateFile = null;
        copy.privateKeyFile = null;
        copy.privateKeyPassword = null;
        copy.keyStoreFile = null;
        copy.keyStorePassword = null;
        copy.keyAlias = null;
        return copy;
    }

    /**
     * Uses the Camel context's global parameters, unless these options set a client certificate, CA certificates or
     * parameters: the endpoint's own settings have priority.
     *
     * @param global null if there are none, or if they must not be used
     */
    public void useGlobalSslContextParameters(SSLContextParameters global) {
        if (sslContextParameters == null
                && caFile == null
                && clientCertificateOptions().isEmpty()) {
            sslContextParameters = global;
        }
    }

    /**
     * The address in {@link #getConnectTo()}; null if the option is not set.
     *
     * @throws IllegalArgumentException if the option does not have the form host:port
     */
    public HostAndPort connectToAddress() {
        return connectTo == null ? null : parsed("connectTo", connectTo, HostAndPort::parse);
    }

    /**
     * The forward proxy in {@link #getProxy()}, with the login of {@link #getProxyUsername()} and
     * {@link #getProxyPassword()}; null if there is none.
     *
     * @throws IllegalArgumentException names the invalid option; the message contains no user name and no password
     */
    public ProxyAddress proxyAddress() {
        String login = proxyUsername != null ? "proxyUsername" : proxyPassword != null ? "proxyPassword" : null;
        if (proxy == null && login != null) {
            throw new IllegalArgumentException("Option " + login + " needs option proxy, which names the proxy");
        }
        ProxyAddress address =
                proxy == null ? null : parsed("proxy", proxy, url -> ProxyAddress.parse(url, LOGIN_OPTIONS));
        if (login == null) {
            return address;
        }
        if (address.hasUser()) {
            throw new IllegalArgumentException("Option proxy holds a user name, and option " + login
                    + " is set too: remove the user name and password from the URL");
        }
        if (proxyUsername == null) {
            throw new IllegalArgumentException("Option proxyPassword needs option proxyUsername");
        }
        return address.withLogin(
                "Option proxyUsername",
                proxyUsername,
                "Option proxyPassword",
                proxyPassword == null ? "" : proxyPassword);
    }

    private static <T> T parsed(String option, String value, Function<String, T> parser) {
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("Option " + option + ": " + e.getMessage(), e);
        }
    }

    /**
     * Checks every secret and removes what came from the file or the URI around it.
     *
     * @throws IllegalArgumentException names an option whose value cannot be a secret of its kind
     */
    public void checkSecrets() {
        privateKeyPassword = SecretText.of("privateKeyPassword", privateKeyPassword);
        keyStorePassword = SecretText.of("keyStorePassword", keyStorePassword);
        proxy = SecretText.of("proxy", proxy);
        proxyUsername = SecretText.of("proxyUsername", proxyUsername);
        proxyPassword = SecretText.of("proxyPassword", proxyPassword);
    }

    public String getCertificateFile() {
        return certificateFile;
    }

    public void setCertificateFile(String certificateFile) {
        this.certificateFile = certificateFile;
    }

    public String getPrivateKeyFile() {
        return privateKeyFile;
    }

    public void setPrivateKeyFile(String privateKeyFile) {
        this.privateKeyFile = privateKeyFile;
    }

    public String getPrivateKeyPassword() {
        return privateKeyPassword;
    }

    public void setPrivateKeyPassword(String privateKeyPassword) {
        this.privateKeyPassword = privateKeyPassword;
    }

    public String getCaFile() {
        return caFile;
    }

    public void setCaFile(String caFile) {
        this.caFile = caFile;
    }

    public String getKeyStoreFile() {
        return keyStoreFile;
    }

    public void setKeyStoreFile(String keyStoreFile) {
        this.keyStoreFile = keyStoreFile;
    }

    public String getKeyStorePassword() {
        return keyStorePassword;
    }

    public void setKeyStorePassword(String keyStorePassword) {
        this.keyStorePassword = keyStorePassword;
    }

    public String getKeyAlias() {
        return keyAlias;
    }

    public void setKeyAlias(String keyAlias) {
        this.keyAlias = keyAlias;
    }

    public SSLContextParameters getSslContextParameters() {
        return sslContextParameters;
    }

    public void setSslContextParameters(SSLContextParameters sslContextParameters) {
        this.sslContextParameters = sslContextParameters;
    }

    public String getConnectTo() {
        return connectTo;
    }

    public void setConnectTo(String connectTo) {
        this.connectTo = connectTo;
    }

    public String getProxy() {
        return proxy;
    }

    public void setProxy(String proxy) {
        this.proxy = proxy;
    }

    public String getProxyUsername() {
        return proxyUsername;
    }

    public void setProxyUsername(String proxyUsername) {
        this.proxyUsername = proxyUsername;
    }

    public String getProxyPassword() {
        return proxyPassword;
    }

    public void setProxyPassword(String proxyPassword) {
        this.proxyPassword = proxyPassword;
    }

    /** Returns a copy that shares no mutable state. */
    public TlsConfiguration copy() {
        try {
            return (TlsConfiguration) clone();
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    /** The values of all options that select the TLS identity: equal lists mean the same identity. */
    List<Object> identity() {
        return Arrays.asList(
                certificateFile,
                privateKeyFile,
                privateKeyPassword,
                caFile,
                keyStoreFile,
                keyStorePassword,
                keyAlias,
                sslContextParameters);
    }
}
