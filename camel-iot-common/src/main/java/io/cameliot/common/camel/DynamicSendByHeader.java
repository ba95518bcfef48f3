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

import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.support.component.SendDynamicAwareSupport;

/**
 * Lets {@code toD} use one endpoint although its URIs differ from message to message: a message header carries the part
 * that differs, and the rest is the URI of the endpoint.
 */
public abstract class DynamicSendByHeader extends SendDynamicAwareSupport {

    /**
     * The parts of a URI.
     *
     * @param endpointUri the URI of the one endpoint
     * @param value the value for the header, decoded as Camel decodes it for a component
     */
    public record Parts(String endpointUri, String value) {}

    /** The parts of a URI, split once for all of Camel's calls. */
    private static final class Entry extends DynamicAwareEntry {

        private final Optional<Parts> parts;

        Entry(String uri, String originalUri, Optional<Parts> parts) {
            super(uri, originalUri, null, null);
            this.parts = parts;
        }
    }

    /**
     * Splits a URI.
     *
     * @return the parts; empty if the URI is to be used unchanged
     */
    protected abstract Optional<Parts> split(String uri);

    /** Sets the header that the producer reads instead of the missing part of the URI. */
    protected abstract void setHeader(Message message, String value);

    @Override
    public boolean isLenientProperties() {
        return false;
    }

    @Override
    public DynamicAwareEntry prepare(Exchange exchange, String uri, String originalUri) {
        return new Entry(uri, originalUri, split(uri));
    }

    @Override
    public String resolveStaticUri(Exchange exchange, DynamicAwareEntry entry) {
        return ((Entry) entry).parts.map(Parts::endpointUri).orElse(null);
    }

    @Override
    public Processor createPreProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return ((Entry) entry)
                .parts
                .<Processor>map(parts -> sent -> setHeader(sent.getMessage(), parts.value()))
                .orElse(null);
    }

    /** Leaves the header on the message. */
    @Override
    public Processor createPostProcessor(Exchange exchange, DynamicAwareEntry entry) {
        return null;
    }
}
