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
package io.cameliot.springboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.util.Throwables.getStackTrace;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A secret in a Spring Boot property appears neither in the error for a wrong property nor in the log. */
class SecretPropertiesTest {

    private static final String SECRET = "a&b+c%zQ7kX9vT2mB4wLp8=#e";
    private static final String MARK = "zQ7kX9vT2mB4wLp8";

    /**
     * The levels exclude Camel's resolver of placeholders, which logs all their values at DEBUG (docs/operations.md).
     */
    private static final Map<String, Level> LEVELS = Map.of(
            "io.cameliot", Level.TRACE,
            "org.apache.camel", Level.DEBUG,
            "org.apache.camel.component.properties", Level.INFO,
            "org.apache.camel.impl.engine.DefaultCamelContextExtension", Level.INFO,
            "org.apache.camel.spring.boot.SpringPropertiesParser", Level.INFO);

    private final LoggerContext loggers = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Map<Logger, Level> levelsBefore = new HashMap<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void captureTheLog() {
        LEVELS.forEach((name, level) -> {
            Logger logger = loggers.getLogger(name);
            levelsBefore.put(logger, logger.getLevel());
            logger.setLevel(level);
            logger.addAppender(log);
            logger.setAdditive(false);
        });
        log.start();
    }

    @AfterEach
    void logAsBefore() {
        levelsBefore.forEach((logger, level) -> {
            logger.setLevel(level);
            logger.detachAppender(log);
            logger.setAdditive(true);
        });
    }

    static Stream<Arguments> secrets() throws Exception {
        try (CamelContext camel = new DefaultCamelContext()) {
            return Stream.of("awsiot-device", "azure-dps")
                    .flatMap(scheme ->
                            camel
                                    .getCamelContextExtension()
                                    .getEndpointUriFactory(scheme)
                                    .secretPropertyNames()
                                    .stream()
                                    .sorted()
                                    .flatMap(option -> Stream.of(SECRET, "{{device.secret}}", "${device.secret}")
                                            .map(value -> Arguments.of(scheme, option, value))))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void areSeenNowhere(String scheme, String option, String value) {
        String prefix = "camel.component." + scheme + ".";
        ApplicationContextRunner application = new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(CamelAutoConfiguration.class, IotComponentAutoConfiguration.class))
                .withPropertyValues("device.secret=" + SECRET, prefix + option + "=" + value);
        application.run(context -> {
            Component component = context.getBean(CamelContext.class).getComponent(scheme);
            assertThat(((PropertyConfigurerGetter) component.getComponentPropertyConfigurer())
                            .getOptionValue(component, option, false))
                    .isEqualTo(SECRET);
            assertThat(component.toString()).doesNotContain(MARK);
        });
        for (String wrong : new String[] {"nonsuch=1", "authentication=handshake", "connect-to-port=x"}) {
            application.withPropertyValues(prefix + wrong).run(context -> {
                Throwable failure =
                        catchThrowable(() -> context.getBean(CamelContext.class).getComponent(scheme));
                assertThat(failure).isNotNull();
                assertThat(getStackTrace(failure)).doesNotContain(MARK);
            });
        }
        assertThat(log.list)
                .anyMatch(event -> event.getLevel() == Level.DEBUG)
                .extracting(event -> event.getFormattedMessage() + " "
                        + (event.getThrowableProxy() == null
                                ? ""
                                : ThrowableProxyUtil.asString(event.getThrowableProxy())))
                .noneMatch(text -> text.contains(MARK));
    }
}
