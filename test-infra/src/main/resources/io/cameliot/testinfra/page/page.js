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

import {call, listen} from './api.js';
import * as connections from './connections.js';
import * as devices from './devices.js';
import {byId, element, report} from './dom.js';
import * as faults from './faults.js';
import * as messages from './messages.js';
import * as refusals from './refusals.js';
import * as things from './things.js';

const PERIOD_MILLIS = 2000;

function counters({aws, dps}) {
  return [
    ['connected', aws.connectionsTotal],
    ['published', aws.counters.published],
    ['delivered', aws.counters.delivered],
    ['refused', aws.counters.refusedConnects + aws.counters.failedHandshakes
      + dps.counters.refusedConnects + dps.counters.failedHandshakes],
    ['registrations', dps.counters.registers],
  ];
}

function showState(state) {
  byId('counters').replaceChildren(...counters(state)
    .map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, String(value)))));
  connections.show(state.aws);
  devices.showState(state.dps);
  messages.omitted(state.messagesOmitted);
  refusals.omitted(state.refusalsOmitted);
}

/** What has no event is asked for again and again, one answer after the other, while somebody looks. */
async function poll() {
  if (!document.hidden) {
    for (const part of [devices, faults, things]) {
      await part.update().catch(() => {}); // the stream tells that the emulators do not answer
    }
  }
  setTimeout(poll, PERIOD_MILLIS);
}

function publish(event) {
  event.preventDefault();
  report(byId('publish-status'), () => call('POST', 'aws/publish', {
    topic: byId('publish-topic').value,
    payload: byId('publish-payload').value,
    encoding: byId('publish-encoding').value,
    qos: Number(byId('publish-qos').value),
    retained: byId('publish-retained').checked,
  }), (answer) => `Published to ${answer.published}`);
}

messages.begin();
connections.begin();
things.begin();
faults.begin();
byId('publish-form').addEventListener('submit', publish);
listen({opened: messages.opened, state: showState, messages: messages.show, refusals: refusals.show}, (text, lost) => {
  const status = byId('connection');
  status.textContent = text;
  status.classList.toggle('lost', lost);
});
poll();
