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

import {call} from './api.js';
import {badge, byId, element, facts, refresh, time} from './dom.js';

function item(connection) {
  const disconnect = element('button', {type: 'button', 'aria-label': `Disconnect ${connection.clientId}`}, 'Disconnect');
  disconnect.addEventListener('click', () => call('POST', 'aws/disconnect', {clientId: connection.clientId})
    .catch(() => disconnect.remove()));
  return element('li', {},
    element('p', {className: 'head'},
      element('strong', {className: 'id'}, connection.clientId),
      badge(`MQTT ${connection.mqtt}`, 'good'),
      element('span', {className: 'meta'}, 'since '), time(connection.since)),
    facts([
      ['Row', connection.row],
      ['Identity', connection.principal],
      ['TLS', connection.tls],
      ['Subscriptions', connection.subscriptions.join(', ') || 'none'],
      ['Messages', `${connection.published} published, ${connection.delivered} received, ${connection.inFlight} in flight`],
      ['Keep alive', `${connection.keepAliveSeconds} s`],
    ]),
    disconnect);
}

export function show(aws) {
  refresh(byId('connection-list'), aws.connections, item, 'connections-none');
  const ports = Object.entries(aws.ports).map(([known, port]) => `${known} at ${port}`).join(', ');
  const shown = aws.connections.length < aws.connectionsTotal
    ? ` The newest ${aws.connections.length} of ${aws.connectionsTotal} are shown.` : '';
  byId('connections-hint').textContent = `${aws.endpoint}, ports ${ports} of 127.0.0.1.${shown}`;
}
