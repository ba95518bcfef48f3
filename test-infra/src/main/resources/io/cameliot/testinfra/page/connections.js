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
import {badge, byId, element, facts, jsonOf, refresh, report, time} from './dom.js';

const EVERYTHING = ['iot:Connect', 'iot:Publish', 'iot:Subscribe', 'iot:Receive', 'iot:RetainPublish']
  .map((action) => ({Effect: 'Allow', Action: action, Resource: '*'}));

/** A policy in words. A client without one may do everything. */
function policy(statements) {
  return !statements ? 'none, so everything is allowed' : statements.map((statement) =>
    `${statement.Effect === 'Deny' ? 'deny ' : ''}${statement.Action} on ${statement.Resource}`).join(', ') || 'allows nothing';
}

/** Puts the policy of a client into the form, where it can be changed. */
function edit(connection) {
  byId('policy-client').value = connection.clientId;
  byId('policy-statements').value = JSON.stringify(connection.policy || EVERYTHING, null, 1);
  byId('policy-statements').focus();
}

export function begin() {
  byId('policy-form').addEventListener('submit', (event) => {
    event.preventDefault();
    report(byId('policy-status'), () => call('POST', 'aws/policy', {
      clientId: byId('policy-client').value,
      policy: jsonOf(byId('policy-statements')),
    }), (answer) => `From now on, this is the policy of ${answer.clientId}`);
  });
}

function item(connection) {
  const disconnect = element('button', {type: 'button', 'aria-label': `Disconnect ${connection.clientId}`}, 'Disconnect');
  disconnect.addEventListener('click', () => call('POST', 'aws/disconnect', {clientId: connection.clientId})
    .catch(() => disconnect.remove()));
  const change = element('button', {type: 'button', 'aria-label': `Change the policy of ${connection.clientId}`}, 'Policy …');
  change.addEventListener('click', () => edit(connection));
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
      ['Policy', policy(connection.policy)],
    ]),
    element('p', {className: 'row'}, change, disconnect));
}

export function show(aws) {
  refresh(byId('connection-list'), aws.connections, item, 'connections-none');
  const ports = Object.entries(aws.ports).map(([known, port]) => `${known} at ${port}`).join(', ');
  const shown = aws.connections.length < aws.connectionsTotal
    ? ` The newest ${aws.connections.length} of ${aws.connectionsTotal} are shown.` : '';
  byId('connections-hint').textContent = `${aws.endpoint}, ports ${ports} of 127.0.0.1.${shown}`;
}
