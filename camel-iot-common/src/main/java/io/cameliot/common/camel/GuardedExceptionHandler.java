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

import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes failures to the exception handler of the user. If that throws, the exception is logged and the failure goes to a
 * second handler, so that a consumer goes on with its next message whatever its handler does.
 */
public final class GuardedExceptionHandler implements ExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(GuardedExceptionHandler.class);

    private final ExceptionHandler handler;
    private final ExceptionHandler fallback;

    /**
     * Creates a handler.
     *
     * @param handler the handler of the user
     * @param fallback gets the failures that the handler of the user has not handled; throws nothing
     */
    public GuardedExceptionHandler(ExceptionHandler handler, ExceptionHandler fallback) {
        this.handler = handler;
        this.fallback = fallback;
    }

    @Override
    public void handleException(Throwable exception) {
        pass(to -> to.handleException(exception));
    }

    @Override
    public void handleException(String message, Throwable exception) {
        pass(to -> to.handleException(message, exception));
    }

    @Override
    public void handleException(String message, Exchange exchange, Throwable exception) {
        pass(to -> to.handleException(message, exchange, exception));
    }

    private void pass(Consumer<ExceptionHandler> failure) {
        try {
            failure.accept(handler);
        } catch (Throwable e) {
            LOG.error(
                    "The exceptionHandler of type {} has thrown an exception. The failure that it got is logged next",
                    handler.getClass().getName(),
                    e);
            failure.accept(fallback);
        }
    }
}
