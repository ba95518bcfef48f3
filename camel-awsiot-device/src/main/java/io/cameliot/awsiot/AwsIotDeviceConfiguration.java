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
package io.cameliot.awsiot;

import io.cameliot.awsiot.link.AwaitConnection;
import io.cameliot.awsiot.outbox.OutboxMode;
import io.cameliot.awsiot.outbox.OutboxOverflow;
import io.cameliot.awsiot.protocol.DeviceAuthentication;
import io.cameliot.awsiot.protocol.DeviceProtocol;
import io.cameliot.awsiot.receive.AcknowledgementMode;
import io.cameliot.awsiot.report.ReportMode;
import io.cameliot.awsiot.request.RequestMode;
import io.cameliot.common.identity.TlsConfiguration;
import io.cameliot.common.text.SecretText;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** The options of component and endpoints. */
@UriParams
@Configurer
public class AwsIotDeviceConfiguration extends TlsConfiguration {

    /** Begins the name of each option that is a user property of the last will. */
    static final String WILL_USER_PROPERTY = "willUserProperty.";

    /** Length of every AWS secret access key. */
    private static final int AWS_SECRET_KEY_LENGTH = 40;

    @UriParam(
            description = "Host name of the account's device data endpoint, such as"
                    + " a1b2c3d4e5f6g7-ats.iot.eu-west-1.amazonaws.com (aws iot describe-endpoint --endpoint-type"
                    + " iot:Data-ATS). A full URL is trimmed to its host name.")
    private String endpoint;

    @UriParam(defaultValue = "mqtt", description = "Protocol of the connection to AWS IoT Core.")
    private DeviceProtocol protocol = DeviceProtocol.mqtt;

    @UriParam(
            defaultValue = "5",
            enums = "5,3.1.1",
            description = "Version of MQTT. With 5 the server gives reasons for refusals, and messages have"
                    + " properties. If the server does not support version 5, the error names this option. Not"
                    + " used with HTTPS.")
    private String mqttVersion = "5";

    @UriParam(label = "security", defaultValue = "x509", description = "How the device authenticates.")
    private DeviceAuthentication authentication = DeviceAuthentication.x509;

    @UriParam(
            description = "Port of the endpoint. The default is the port that AWS documents for protocol and"
                    + " authentication. With X.509 there are two: 8883 (default) and 443 for MQTT, 8443"
                    + " (default) and 443 for HTTPS.")
    private Integer port;

    @UriParam(
            label = "advanced",
            defaultValue = "auto",
            description =
                    "ALPN protocol name to offer in the TLS handshake: auto for the one that AWS documents for protocol,"
                            + " authentication and port, none, or a name that a domain configuration asks for.")
    private String alpn = "auto";

    @UriParam(
            label = "advanced",
            defaultValue = "true",
            description = "Whether to allow only the combinations of protocol, authentication and port that AWS"
                    + " documents. A custom domain can allow others in its domain configuration.")
    private boolean strictProfile = true;

    @UriParam(
            description = "Client id of the MQTT connection, up to 128 bytes and unique in the account: AWS IoT"
                    + " Core drops the older of two connections with one client id. Endpoints with the same"
                    + " connection options share one connection. By default one is generated, which works with"
                    + " clean sessions only; the AWS IoT policy must allow it.")
    private String clientId;

    @UriParam(
            defaultValue = "1",
            enums = "0,1",
            description =
                    "Quality of service of publishes and of subscriptions: 0 (at most once) or 1 (at least once). AWS IoT"
                            + " Core has no 2.")
    private int qos = 1;

    @UriParam(
            label = "producer",
            defaultValue = "false",
            description = "Whether the server keeps the last message of a topic for later subscribers.")
    private boolean retained;

    @UriParam(
            defaultValue = "true",
            description =
                    "Whether the session ends with the connection. With false the server keeps subscriptions and QoS 1"
                            + " messages while the device is offline (see sessionExpiry), which needs a fixed clientId.")
    private boolean cleanSession = true;

    @UriParam(
            description = "With cleanSession=false: time for which the server is asked to keep the session while"
                    + " the device is offline, from 1 second to 7 days, in whole seconds; one hour if it is"
                    + " not set. The server can grant less: AWS IoT Core limits it to the maximum of the"
                    + " account, one hour by default. JMX and the health check show the granted time. MQTT 5"
                    + " only.")
    private Duration sessionExpiry;

    @UriParam(
            label = "producer,advanced",
            defaultValue = "true",
            description = "Whether topics that were sent before on a connection are sent as numbers, as many as"
                    + " the server accepts (AWS IoT Core: 8). MQTT 5 only.")
    private boolean topicAliases = true;

    @UriParam(
            defaultValue = "60",
            description = "Keep alive interval in seconds, from 30 to 1200. The server closes a connection on"
                    + " which it receives nothing for one and a half intervals.")
    private int keepAliveInterval = 60;

    @UriParam(
            label = "advanced",
            description =
                    "Topic of the last will: the message that the server publishes when the connection ends without a"
                            + " DISCONNECT.")
    private String willTopic;

    @UriParam(label = "advanced", description = "Payload of the last will, sent as UTF-8.")
    private String willPayload;

    @UriParam(
            label = "advanced",
            defaultValue = "1",
            enums = "0,1",
            description = "Quality of service of the last will: 0 or 1.")
    private int willQos = 1;

    @UriParam(
            label = "advanced",
            defaultValue = "false",
            description = "Whether the server keeps the last will for later subscribers.")
    private boolean willRetained;

    @UriParam(label = "advanced", description = "MIME type of the last will's payload. MQTT 5 only.")
    private String willContentType;

    @UriParam(
            label = "advanced",
            description =
                    "How long after it was published the server may still deliver the last will, from 1 second to 7 days,"
                            + " in whole seconds. Without it the will does not expire. MQTT 5 only.")
    private Duration willMessageExpiry;

    @UriParam(label = "advanced", description = "Topic on which an answer to the last will is expected. MQTT 5 only.")
    private String willResponseTopic;

    @UriParam(
            label = "advanced",
            description = "Correlation data of the last will, which an answer repeats, sent as UTF-8. MQTT 5 only.")
    private String willCorrelationData;

    @UriParam(
            label = "advanced",
            prefix = WILL_USER_PROPERTY,
            multiValue = true,
            description = "User properties of the last will, such as willUserProperty.site=north. MQTT 5 only.")
    private Map<String, Object> willUserProperties = new LinkedHashMap<>();

    @UriParam(
            label = "producer,advanced",
            defaultValue = "100",
            description = "Maximum number of published messages that wait for their acknowledgement at a time, 1"
                    + " to 100 (the limit of AWS IoT Core). Further messages wait their turn.")
    private int maxInflight = 100;

    @UriParam(
            label = "advanced",
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description = "Time limit of a connection attempt, from dialling to the server's acknowledgement, and"
                    + " of each subscription. If no published message is acknowledged within this time, the"
                    + " connection counts as lost.")
    private long connectionTimeout = 30_000;

    @UriParam(
            label = "producer,advanced",
            defaultValue = "60s",
            javaType = "java.time.Duration",
            description = "Time limit of a publish, including the time until a reconnect. Then the exchange fails."
                    + " With an outbox, the time limit of an exchange that waits for room in it.")
    private long publishTimeout = 60_000;

    @UriParam(
            label = "producer",
            defaultValue = "auto",
            description = "Which InOut exchanges wait for an answer and continue with it. With auto those to a"
                    + " topic on which a service of AWS IoT Core takes requests: shadows, jobs, responses to"
                    + " commands, provisioning, metrics. With always all of them: to any other topic the"
                    + " message is published with a response topic and correlation data, and a subscriber of"
                    + " the topic answers, which needs MQTT 5 and no outbox. An exchange that is InOnly, or"
                    + " waits for no answer, continues when its message is acknowledged.")
    private RequestMode request = RequestMode.auto;

    @UriParam(
            label = "producer",
            defaultValue = "30s",
            javaType = "java.time.Duration",
            description = "Time limit of a request, including the time until there is a connection and an answer."
                    + " Then the exchange fails with Camel's ExchangeTimedOutException. A request without a"
                    + " message expiry of its own expires at this time.")
    private long requestTimeout = 30_000;

    @UriParam(
            label = "producer",
            defaultValue = "true",
            description = "Whether an exchange fails with a DeviceRequestRejectedException when a service of AWS"
                    + " IoT Core rejects its request. With false it continues with the answer, and header"
                    + " CamelAwsiotDeviceErrorCode holds the error code.")
    private boolean rejectedAsException = true;

    @UriParam(
            label = "advanced",
            defaultValue = "1s",
            javaType = "java.time.Duration",
            description = "Minimum delay before a reconnect. Delays grow exponentially, with full jitter.")
    private long reconnectMinDelay = 1_000;

    @UriParam(
            label = "advanced",
            defaultValue = "120s",
            javaType = "java.time.Duration",
            description = "Maximum delay before a reconnect.")
    private long reconnectMaxDelay = 120_000;

    @UriParam(
            label = "advanced",
            defaultValue = "auto",
            description = "Whether the start of a route waits for its connection, and its subscription, and fails with"
                    + " the reason when there is none. With never the route starts at once and connects in the"
                    + " background for as long as it takes; until then its health check is down. With auto it waits"
                    + " unless it has an outbox.")
    private AwaitConnection awaitConnection = AwaitConnection.auto;

    @UriParam(
            label = "producer",
            defaultValue = "none",
            description = "Store and forward for QoS 1: with memory or file an exchange continues when the outbox"
                    + " has accepted its message, and the message is sent in order as soon as there is a"
                    + " connection. Messages in a file survive a restart of the process, messages in memory do"
                    + " not. With none an exchange continues when the server has acknowledged its message.")
    private OutboxMode outbox = OutboxMode.none;

    @UriParam(
            label = "producer",
            description = "Directory for outbox=file, created if it does not exist. Each client id has a"
                    + " subdirectory, which one process at a time can use.")
    private String outboxDirectory;

    @UriParam(label = "producer", defaultValue = "10000", description = "Maximum number of messages in the outbox.")
    private int outboxMaxMessages = 10_000;

    @UriParam(
            label = "producer",
            defaultValue = "block",
            description = "What happens to a message when the outbox is full: block lets its exchange wait for"
                    + " room up to publishTimeout, without blocking a thread; reject fails its exchange at"
                    + " once; dropOldest drops the oldest message that is not in flight.")
    private OutboxOverflow outboxOverflow = OutboxOverflow.block;

    @UriParam(
            label = "consumer",
            defaultValue = "afterRoute",
            description =
                    "When a QoS 1 message is acknowledged: after the route has processed it, so that a crash loses"
                            + " nothing, or as soon as it is received.")
    private AcknowledgementMode acknowledgement = AcknowledgementMode.afterRoute;

    @UriParam(
            label = "consumer",
            defaultValue = "3",
            description = "How often a QoS 1 message is given to the route again when the route failed with it. Its"
                    + " PUBACK is held back meanwhile, and so are the messages behind it. After that the failure is"
                    + " given to the exception handler and the message is acknowledged. Takes effect with"
                    + " acknowledgement=afterRoute.")
    private int maxRedeliveries = 3;

    @UriParam(
            label = "consumer",
            defaultValue = "1",
            description =
                    "How many messages of a consumer may be in routes at a time, 1 to 1000, each on a thread. With more"
                            + " than one, the messages of each topic are still processed in order, and messages of other"
                            + " topics do not wait for them.")
    private int concurrentConsumers = 1;

    @UriParam(
            label = "consumer",
            defaultValue = "afterRoute",
            description = "Who reports the outcome of a job or command. With afterRoute the consumer reports the"
                    + " outcome of the route. With aroundRoute it also reports that a command is in progress"
                    + " when the command enters the route (a job is in progress as soon as it is started)."
                    + " With none the route reports. Not used for other messages.")
    private ReportMode report = ReportMode.afterRoute;

    @UriParam(
            label = "consumer",
            defaultValue = "1s",
            javaType = "java.time.Duration",
            description = "Delay before a message is given to the route again.")
    private long redeliveryDelay = 1_000;

    @UriParam(
            label = "security",
            description = "AWS region to sign for with Signature Version 4. By default it is taken from the"
                    + " endpoint's name; the name of a custom domain has no region.")
    private String region;

    @UriParam(label = "security", secret = true, description = "AWS access key id, for Signature Version 4.")
    private String accessKey;

    @UriParam(label = "security", secret = true, description = "AWS secret access key, for Signature Version 4.")
    private String secretKey;

    @UriParam(
            label = "security",
            secret = true,
            description = "Session token of temporary AWS credentials, for Signature Version 4.")
    private String sessionToken;

    @UriParam(
            label = "security",
            defaultValue = "false",
            description =
                    "Whether AWS credentials come from the AWS SDK's default chain (environment, profile, container,"
                            + " instance), for Signature Version 4.")
    private boolean useDefaultCredentialsProvider;

    @UriParam(
            label = "security",
            description =
                    "Name of the profile in the AWS configuration files to take credentials from, for Signature Version"
                            + " 4.")
    private String profileCredentialsName;

    @UriParam(
            label = "security",
            description = "AWS credentials provider for Signature Version 4, called at each connection attempt and"
                    + " HTTPS request.")
    private AwsCredentialsProvider credentialsProvider;

    @UriParam(
            label = "security",
            description =
                    "Role alias by which AWS IoT gives temporary AWS credentials for the certificate of the device, for"
                            + " Signature Version 4. Needs credentialsEndpoint and the options of the certificate. The"
                            + " credentials are kept until five minutes before they expire.")
    private String roleAlias;

    @UriParam(
            label = "security",
            description = "Host name of the account's credentials provider, such as"
                    + " c1d2e3f4g5h6i7.credentials.iot.eu-west-1.amazonaws.com (aws iot describe-endpoint"
                    + " --endpoint-type iot:CredentialProvider), for roleAlias.")
    private String credentialsEndpoint;

    @UriParam(
            label = "security",
            description =
                    "Thing to which the certificate is attached, for roleAlias: needed where a policy has variables of the"
                            + " thing.")
    private String thingName;

    @UriParam(
            label = "security",
            description = "Name of the custom authorizer. By default the endpoint's default authorizer decides.")
    private String authorizerName;

    @UriParam(label = "security", description = "Name under which the custom authorizer expects the token.")
    private String tokenKeyName;

    @UriParam(label = "security", secret = true, description = "Token for the custom authorizer.")
    private String token;

    @UriParam(
            label = "security",
            secret = true,
            description =
                    "Base64 of the token's RSA-SHA256 signature; needed unless the custom authorizer has signing disabled.")
    private String tokenSignature;

    @UriParam(
            label = "security",
            secret = true,
            description = "User name for the custom authorizer, over MQTT and WebSocket.")
    private String username;

    @UriParam(
            label = "security",
            secret = true,
            description = "Password for the custom authorizer, over MQTT and WebSocket.")
    private String password;

    @UriParam(
            label = "consumer,advanced",
            defaultValue = "true",
            description = "Whether to subscribe to the topic filter. With false the consumer receives messages"
                    + " that match the filter and belong to no subscription: direct messages, and answers that"
                    + " AWS IoT Core sends without a subscription.")
    private boolean subscribe = true;

    @UriParam(
            label = "consumer",
            defaultValue = "false",
            description =
                    "Whether the consumer asks for the present state after each new connection, and gives the route what it"
                            + " missed, as a message of its topic. The route gets no message twice, and none that is older than"
                            + " one it got. Possible with topics that end in /shadow/update/delta (also of named shadows),"
                            + " /jobs/notify-next and /jobs/notify.")
    private boolean catchUp;

    @Override
    public void checkSecrets() {
        super.checkSecrets();
        accessKey =
                accessKey == null ? null : SecretText.of("accessKey", accessKey).strip();
        secretKey = SecretText.withoutSpaces("secretKey", secretKey, key -> key.length() == AWS_SECRET_KEY_LENGTH);
        sessionToken = SecretText.withoutSpaces("sessionToken", sessionToken, SecretText::isPaddedBase64);
        token = SecretText.forHeader("token", token);
        tokenSignature = SecretText.withoutSpaces("tokenSignature", tokenSignature, SecretText::isPaddedBase64);
        username = SecretText.of("username", username);
        password = SecretText.of("password", password);
    }

    @Override
    public AwsIotDeviceConfiguration copy() {
        AwsIotDeviceConfiguration copy = (AwsIotDeviceConfiguration) super.copy();
        copy.willUserProperties = new LinkedHashMap<>(willUserProperties);
        return copy;
    }

    public String getEndpoint() {
        return endpoint;
    }

    public void setEndpoint(String endpoint) {
        this.endpoint = endpoint;
    }

    public DeviceProtocol getProtocol() {
        return protocol;
    }

    public void setProtocol(DeviceProtocol protocol) {
        this.protocol = protocol;
    }

    public String getMqttVersion() {
        return mqttVersion;
    }

    public void setMqttVersion(String mqttVersion) {
        this.mqttVersion = mqttVersion;
    }

    public DeviceAuthentication getAuthentication() {
        return authentication;
    }

    public void setAuthentication(DeviceAuthentication authentication) {
        this.authentication = authentication;
    }

    public Integer getPort() {
        return port;
    }

    public void setPort(Integer port) {
        this.port = port;
    }

    public String getClientId() {
        return clientId;
    }

    public void setClientId(String clientId) {
        this.clientId = clientId;
    }

    public int getQos() {
        return qos;
    }

    public void setQos(int qos) {
        this.qos = qos;
    }

    public boolean isRetained() {
        return retained;
    }

    public void setRetained(boolean retained) {
        this.retained = retained;
    }

    public boolean isCleanSession() {
        return cleanSession;
    }

    public void setCleanSession(boolean cleanSession) {
        this.cleanSession = cleanSession;
    }

    public Duration getSessionExpiry() {
        return sessionExpiry;
    }

    public void setSessionExpiry(Duration sessionExpiry) {
        this.sessionExpiry = sessionExpiry;
    }

    public boolean isTopicAliases() {
        return topicAliases;
    }

    public void setTopicAliases(boolean topicAliases) {
        this.topicAliases = topicAliases;
    }

    public int getKeepAliveInterval() {
        return keepAliveInterval;
    }

    public void setKeepAliveInterval(int keepAliveInterval) {
        this.keepAliveInterval = keepAliveInterval;
    }

    public String getWillTopic() {
        return willTopic;
    }

    public void setWillTopic(String willTopic) {
        this.willTopic = willTopic;
    }

    public String getWillPayload() {
        return willPayload;
    }

    public void setWillPayload(String willPayload) {
        this.willPayload = willPayload;
    }

    public int getWillQos() {
        return willQos;
    }

    public void setWillQos(int willQos) {
        this.willQos = willQos;
    }

    public boolean isWillRetained() {
        return willRetained;
    }

    public void setWillRetained(boolean willRetained) {
        this.willRetained = willRetained;
    }

    public String getWillContentType() {
        return willContentType;
    }

    public void setWillContentType(String willContentType) {
        this.willContentType = willContentType;
    }

    public Duration getWillMessageExpiry() {
        return willMessageExpiry;
    }

    public void setWillMessageExpiry(Duration willMessageExpiry) {
        this.willMessageExpiry = willMessageExpiry;
    }

    public String getWillResponseTopic() {
        return willResponseTopic;
    }

    public void setWillResponseTopic(String willResponseTopic) {
        this.willResponseTopic = willResponseTopic;
    }

    public String getWillCorrelationData() {
        return willCorrelationData;
    }

    public void setWillCorrelationData(String willCorrelationData) {
        this.willCorrelationData = willCorrelationData;
    }

    public Map<String, Object> getWillUserProperties() {
        return willUserProperties;
    }

    public void setWillUserProperties(Map<String, Object> willUserProperties) {
        this.willUserProperties = willUserProperties;
    }

    public int getMaxInflight() {
        return maxInflight;
    }

    public void setMaxInflight(int maxInflight) {
        this.maxInflight = maxInflight;
    }

    public long getConnectionTimeout() {
        return connectionTimeout;
    }

    public void setConnectionTimeout(long connectionTimeout) {
        this.connectionTimeout = connectionTimeout;
    }

    public long getPublishTimeout() {
        return publishTimeout;
    }

    public void setPublishTimeout(long publishTimeout) {
        this.publishTimeout = publishTimeout;
    }

    public RequestMode getRequest() {
        return request;
    }

    public void setRequest(RequestMode request) {
        this.request = request;
    }

    public long getRequestTimeout() {
        return requestTimeout;
    }

    public void setRequestTimeout(long requestTimeout) {
        this.requestTimeout = requestTimeout;
    }

    public boolean isRejectedAsException() {
        return rejectedAsException;
    }

    public void setRejectedAsException(boolean rejectedAsException) {
        this.rejectedAsException = rejectedAsException;
    }

    public long getReconnectMinDelay() {
        return reconnectMinDelay;
    }

    public void setReconnectMinDelay(long reconnectMinDelay) {
        this.reconnectMinDelay = reconnectMinDelay;
    }

    public long getReconnectMaxDelay() {
        return reconnectMaxDelay;
    }

    public void setReconnectMaxDelay(long reconnectMaxDelay) {
        this.reconnectMaxDelay = reconnectMaxDelay;
    }

    public OutboxMode getOutbox() {
        return outbox;
    }

    public void setOutbox(OutboxMode outbox) {
        this.outbox = outbox;
    }

    public String getOutboxDirectory() {
        return outboxDirectory;
    }

    public void setOutboxDirectory(String outboxDirectory) {
        this.outboxDirectory = outboxDirectory;
    }

    public int getOutboxMaxMessages() {
        return outboxMaxMessages;
    }

    public void setOutboxMaxMessages(int outboxMaxMessages) {
        this.outboxMaxMessages = outboxMaxMessages;
    }

    public OutboxOverflow getOutboxOverflow() {
        return outboxOverflow;
    }

    public void setOutboxOverflow(OutboxOverflow outboxOverflow) {
        this.outboxOverflow = outboxOverflow;
    }

    public AwaitConnection getAwaitConnection() {
        return awaitConnection;
    }

    public void setAwaitConnection(AwaitConnection awaitConnection) {
        this.awaitConnection = awaitConnection;
    }

    /** Returns whether the start of a route waits for its connection, by option or by default. */
    boolean awaitsConnection() {
        return awaitConnection == AwaitConnection.always
                || awaitConnection == AwaitConnection.auto && outbox == OutboxMode.none;
    }

    public int getConcurrentConsumers() {
        return concurrentConsumers;
    }

    public void setConcurrentConsumers(int concurrentConsumers) {
        this.concurrentConsumers = concurrentConsumers;
    }

    public int getMaxRedeliveries() {
        return maxRedeliveries;
    }

    public void setMaxRedeliveries(int maxRedeliveries) {
        this.maxRedeliveries = maxRedeliveries;
    }

    public long getRedeliveryDelay() {
        return redeliveryDelay;
    }

    public void setRedeliveryDelay(long redeliveryDelay) {
        this.redeliveryDelay = redeliveryDelay;
    }

    public ReportMode getReport() {
        return report;
    }

    public void setReport(ReportMode report) {
        this.report = report;
    }

    public AcknowledgementMode getAcknowledgement() {
        return acknowledgement;
    }

    public void setAcknowledgement(AcknowledgementMode acknowledgement) {
        this.acknowledgement = acknowledgement;
    }

    public String getRegion() {
        return region;
    }

    public void setRegion(String region) {
        this.region = region;
    }

    public String getAccessKey() {
        return accessKey;
    }

    public void setAccessKey(String accessKey) {
        this.accessKey = accessKey;
    }

    public String getSecretKey() {
        return secretKey;
    }

    public void setSecretKey(String secretKey) {
        this.secretKey = secretKey;
    }

    public String getSessionToken() {
        return sessionToken;
    }

    public void setSessionToken(String sessionToken) {
        this.sessionToken = sessionToken;
    }

    public boolean isUseDefaultCredentialsProvider() {
        return useDefaultCredentialsProvider;
    }

    public void setUseDefaultCredentialsProvider(boolean useDefaultCredentialsProvider) {
        this.useDefaultCredentialsProvider = useDefaultCredentialsProvider;
    }

    public String getProfileCredentialsName() {
        return profileCredentialsName;
    }

    public void setProfileCredentialsName(String profileCredentialsName) {
        this.profileCredentialsName = profileCredentialsName;
    }

    public AwsCredentialsProvider getCredentialsProvider() {
        return credentialsProvider;
    }

    public void setCredentialsProvider(AwsCredentialsProvider credentialsProvider) {
        this.credentialsProvider = credentialsProvider;
    }

    /** Whether credentials come by a role alias: any of its options is set. */
    boolean hasRoleAlias() {
        return roleAlias != null || credentialsEndpoint != null || thingName != null;
    }

    public String getRoleAlias() {
        return roleAlias;
    }

    public void setRoleAlias(String roleAlias) {
        this.roleAlias = roleAlias;
    }

    public String getCredentialsEndpoint() {
        return credentialsEndpoint;
    }

    public void setCredentialsEndpoint(String credentialsEndpoint) {
        this.credentialsEndpoint = credentialsEndpoint;
    }

    public String getThingName() {
        return thingName;
    }

    public void setThingName(String thingName) {
        this.thingName = thingName;
    }

    public String getAuthorizerName() {
        return authorizerName;
    }

    public void setAuthorizerName(String authorizerName) {
        this.authorizerName = authorizerName;
    }

    public String getTokenKeyName() {
        return tokenKeyName;
    }

    public void setTokenKeyName(String tokenKeyName) {
        this.tokenKeyName = tokenKeyName;
    }

    public String getToken() {
        return token;
    }

    public void setToken(String token) {
        this.token = token;
    }

    public String getTokenSignature() {
        return tokenSignature;
    }

    public void setTokenSignature(String tokenSignature) {
        this.tokenSignature = tokenSignature;
    }

    public String getUsername() {
        return username;
    }

    public void setUsername(String username) {
        this.username = username;
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public String getAlpn() {
        return alpn;
    }

    public void setAlpn(String alpn) {
        this.alpn = alpn;
    }

    public boolean isStrictProfile() {
        return strictProfile;
    }

    public void setStrictProfile(boolean strictProfile) {
        this.strictProfile = strictProfile;
    }

    public boolean isSubscribe() {
        return subscribe;
    }

    public void setSubscribe(boolean subscribe) {
        this.subscribe = subscribe;
    }

    public boolean isCatchUp() {
        return catchUp;
    }

    public void setCatchUp(boolean catchUp) {
        this.catchUp = catchUp;
    }
}
