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
package io.cameliot.awsiot.service;

import io.cameliot.awsiot.link.DeviceConnection;
import io.cameliot.awsiot.link.DeviceLink;
import io.cameliot.awsiot.request.RequestManager;
import io.cameliot.awsiot.request.RequestMode;
import io.cameliot.awsiot.request.RequestSettings;
import io.cameliot.common.text.ForeignText;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the requests of one producer. */
public final class ServiceRequestSender {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceRequestSender.class);

    private final RequestSettings settings;
    private final RequestManager<ServiceRequests> manager;
    private final DeviceLink link;
    private final AtomicBoolean told = new AtomicBoolean();
    private ServiceRequests requests; // guarded by this: null before the first request
    private boolean closed; // guarded by this

    public ServiceRequestSender(RequestSettings settings, RequestManager<ServiceRequests> manager, DeviceLink link) {
        this.settings = settings;
        this.manager = manager;
        this.link = link;
    }

    /** Fails the requests that wait for an answer. */
    public void close() {
        ServiceRequests released;
        synchronized (this) {
            closed = true;
            released = requests;
        }
        if (released != null) {
            manager.release(released, this);
        }
    }

    /** Acquires the requests on first use, because most producers send none. */
    private synchronized ServiceRequests requests() {
        if (closed) {
            throw new IllegalStateException("The producer is stopped");
        }
        if (requests == null) {
            requests = manager.acquire((DeviceConnection) link, this);
        }
        return requests;
    }

    /**
     * Finds the request of a topic.
     *
     * @param answered whether the exchange expects an answer
     * @return null if the topic is not that of a request, or if the exchange does not wait for the answer
     * @throws IllegalArgumentException if the component cannot read the request's answer
     */
    public ServiceCall callOf(String topic, boolean answered) {
        if (settings.mode() == RequestMode.never) {
            return null;
        }
        if (answered) {
            return ReservedRequest.of(topic);
        }
        if (LOG.isInfoEnabled() && !told.get() && isRequest(topic) && told.compareAndSet(false, true)) {
            LOG.info(
                    "Messages of InOnly exchanges to topic {} go out without waiting for the answer: set pattern InOut to"
                            + " go on with it",
                    ForeignText.shown(topic));
        }
        return null;
    }

    private static boolean isRequest(String topic) {
        try {
            return ReservedRequest.of(topic) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * Sends a request.
     *
     * @return a future as that of {@link ServiceRequests#send}; it also fails with
     *     {@link DeviceRequestRejectedException}, unless the settings turn rejections into answers
     * @throws IllegalArgumentException if the service would refuse the request, or its answer cannot be received
     */
    public CompletableFuture<ServiceAnswer> send(ServiceCall call, byte[] payload) {
        CompletableFuture<ServiceAnswer> answer = link instanceof AnsweringLink https
                ? https.request(call, payload, settings.timeout())
                : requests().send(this, call, ServiceBody.of(call, payload), settings.timeout());
        return answer.thenApply(this::checked);
    }

    private ServiceAnswer checked(ServiceAnswer answer) {
        if (!answer.accepted() && settings.rejectedAsException()) {
            throw new CompletionException(new DeviceRequestRejectedException(answer));
        }
        return answer;
    }
}
