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
import {badge, byId, element, facts, refresh} from './dom.js';

const attestations = {
  SymmetricKeys: 'symmetric key',
  DeviceCertificates: 'device certificate',
  CertificateAuthorities: 'certificate authority',
};

function enrollment(found) {
  return element('li', {},
    element('p', {className: 'head'},
      element('strong', {className: 'id'}, found.id),
      badge(found.group ? 'group' : 'individual', ''),
      found.enabled ? '' : badge('disabled', 'bad'),
      element('span', {className: 'meta'}, attestations[found.attestation] || found.attestation)));
}

function device(found) {
  return element('li', {},
    element('p', {className: 'head'},
      element('strong', {className: 'id'}, found.registrationId),
      found.assignment ? badge('assigned', 'good') : badge('not assigned', '')),
    found.assignment ? facts([['Hub', found.assignment.hub], ['Device id', found.assignment.deviceId],
      ['Substatus', found.assignment.substatus]]) : '',
    element('ol', {className: 'steps', 'aria-label': `Steps of ${found.registrationId}`},
      ...found.steps.map((step) => element('li', {},
        `${new Date(step.at).toLocaleTimeString()} ${step.text}`,
        step.refusal ? element('p', {className: 'bad'}, step.refusal) : ''))));
}

function template(found) {
  return element('li', {},
    element('strong', {className: 'id'}, found.name),
    element('p', {className: 'meta'}, `requires ${found.requiredParameters.join(', ') || 'no parameter'}`));
}

function authorizer(found) {
  return element('li', {},
    element('p', {className: 'head'},
      element('strong', {className: 'id'}, found.name),
      found.isDefault ? badge('default', 'good') : '',
      badge(found.signed ? 'signed tokens' : 'signing disabled', '')),
    element('p', {className: 'meta'}, `token in ${found.tokenKeyName}; accepts ${found.acceptedTokens} tokens (not shown)`
      + ` and ${found.acceptedUsers} users`));
}

function certificate(found) {
  return element('li', {}, element('p', {className: 'head'},
    element('strong', {className: 'id'}, found.id),
    badge(found.purpose.toLowerCase(), ''),
    badge(found.state.toLowerCase(), found.state === 'ACTIVE' ? 'good' : ''),
    element('span', {className: 'meta'}, found.thing)));
}

export function showState(dps) {
  byId('dps-hint').textContent = `Id scope ${dps.idScope}; MQTT at ${dps.mqtt}, WebSocket at ${dps.webSocket}, hubs at ${dps.hub}.`
    + ` ${dps.counters.registers} registrations, ${dps.counters.throttled} answers 429.`;
}

export async function update() {
  const found = await call('GET', 'dps/devices');
  refresh(byId('enrollment-list'), found.enrollments, enrollment);
  refresh(byId('registration-list'), [...found.devices].reverse(), device, 'registrations-none');
  const provisioning = await call('GET', 'aws/provisioning');
  refresh(byId('authorizer-list'), provisioning.authorizers, authorizer, 'authorizers-none');
  refresh(byId('template-list'), provisioning.templates, template);
  refresh(byId('certificate-list'), provisioning.certificates, certificate);
}
