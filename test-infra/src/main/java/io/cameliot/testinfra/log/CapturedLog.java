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
package io.cameliot.testinfra.log;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Captures the log, at levels that a test sets, until it is closed. Requires slf4j-simple with an output stream that is
 * not cached ({@code System.err}, the default).
 * <pre>{@code
 * try (CapturedLog log = CapturedLog.at(Map.of("org.apache.camel", "debug"))) {
 *     …
 *     assertThat(log.text()).doesNotContain("secret");
 * }
 * }</pre>
 */
public final class CapturedLog implements AutoCloseable {

    private static final String PROPERTY = "org.slf4j.simpleLogger.log.";

    /** The level numbers of slf4j-simple, which has no method to change the level of an existing logger. */
    private static final Map<String, Integer> LEVELS =
            Map.of("trace", 0, "debug", 10, "info", 20, "warn", 30, "error", 40, "off", 50);

    private final PrintStream standardError = System.err;
    private final ByteArrayOutputStream captured = new ByteArrayOutputStream();
    private final Map<String, String> properties = new TreeMap<>();
    private final Map<Logger, Integer> levels = new LinkedHashMap<>();

    private CapturedLog(Map<String, String> levelOfLoggers) {
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
        // New loggers read the system properties; existing ones have a field.
        levelOfLoggers.forEach((name, level) -> properties.put(name, System.setProperty(PROPERTY + name, level)));
        new TreeMap<>(levelOfLoggers).forEach((name, level) -> loggers().entrySet().stream()
                .filter(logger -> (logger.getKey() + ".").startsWith(name + "."))
                .forEach(logger -> setLevel(logger.getValue(), LEVELS.get(level))));
    }

    /**
     * Starts to capture.
     *
     * @param levels trace, debug, info, warn or off, by the name of a logger or of its parents; the longest name
     *     applies
     * @return the log, which must be closed
     */
    public static CapturedLog at(Map<String, String> levels) {
        return new CapturedLog(levels);
    }

    /**
     * The captured text of the log and of {@code System.err}.
     *
     * @return the lines so far
     */
    public String text() {
        return captured.toString(StandardCharsets.UTF_8);
    }

    /** Restores the log. */
    @Override
    public void close() {
        System.setErr(standardError);
        properties.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(PROPERTY + name);
            } else {
                System.setProperty(PROPERTY + name, value);
            }
        });
        // Loggers that were made meanwhile would keep the level that they began with.
        loggers().entrySet().stream()
                .filter(logger ->
                        properties.keySet().stream().anyMatch(name -> (logger.getKey() + ".").startsWith(name + ".")))
                .forEach(logger -> levels.computeIfAbsent(logger.getValue(), CapturedLog::configuredLevel));
        levels.forEach((logger, level) -> {
            try {
                levelOf(logger).setInt(logger, level);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Returns the level that a new logger of this name would have. */
    private static int configuredLevel(Logger logger) {
        try {
            Method ofParents = logger.getClass().getDeclaredMethod("recursivelyComputeLevelString");
            ofParents.setAccessible(true);
            String level = (String) ofParents.invoke(logger);
            if (level != null) {
                return LEVELS.getOrDefault(level.toLowerCase(Locale.ROOT), LEVELS.get("info"));
            }
            Field configuration = logger.getClass().getDeclaredField("CONFIG_PARAMS");
            configuration.setAccessible(true);
            Field defaultLevel = configuration.getType().getDeclaredField("defaultLogLevel");
            defaultLevel.setAccessible(true);
            return defaultLevel.getInt(configuration.get(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void setLevel(Logger logger, int level) {
        try {
            Field field = levelOf(logger);
            levels.putIfAbsent(logger, field.getInt(logger));
            field.setInt(logger, level);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Field levelOf(Logger logger) throws ReflectiveOperationException {
        Field field = logger.getClass().getDeclaredField("currentLogLevel");
        field.setAccessible(true);
        return field;
    }

    private static Map<String, Logger> loggers() {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        Map<String, Logger> loggers = new TreeMap<>();
        try {
            Field field = factory.getClass().getDeclaredField("loggerMap");
            field.setAccessible(true);
            for (Entry<?, ?> logger : ((Map<?, ?>) field.get(factory)).entrySet()) {
                loggers.put((String) logger.getKey(), (Logger) logger.getValue());
            }
            return loggers;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The log is not slf4j-simple: " + factory.getClass(), e);
        }
    }
}
