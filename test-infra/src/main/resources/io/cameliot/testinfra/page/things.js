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
import {badge, byId, element, facts, jsonOf, refresh, report} from './dom.js';

let thing = '';
let client = '';

const json = (value) => JSON.stringify(value, null, 2);
const isEmpty = (value) => Object.keys(value).length === 0;

function shadow(found) {
  return element('li', {},
    element('p', {className: 'head'},
      element('strong', {}, found.name === '' ? 'classic shadow' : found.name),
      element('span', {className: 'meta'}, found.exists ? `version ${found.version}` : 'does not exist')),
    ...['desired', 'reported', 'delta'].filter((section) => !isEmpty(found[section]))
      .flatMap((section) => [element('p', {className: 'meta'}, section), element('pre', {}, json(found[section]))]));
}

function kindOf(state) {
  if (state === 'SUCCEEDED') {
    return 'good';
  }
  return ['FAILED', 'REJECTED', 'TIMED_OUT'].includes(state) ? 'bad' : '';
}

function job(found) {
  return element('li', {},
    element('p', {className: 'head'},
      element('strong', {className: 'id'}, found.id), badge(found.state, kindOf(found.state)),
      element('span', {className: 'meta'}, `execution ${found.number}, version ${found.version}`)),
    facts(Object.entries(found.statusDetails)));
}

function command(found) {
  return element('li', {},
    element('p', {className: 'head'},
      element('strong', {className: 'id'}, found.id), badge(found.state, kindOf(found.state))),
    element('p', {className: 'meta'}, found.history
      .map((step) => [step.state, step.reasonCode, step.reasonDescription].filter(Boolean).join(' ')).join(' → ')),
    found.result ? element('pre', {}, json(found.result)) : '');
}

export async function update() {
  if (thing !== '') {
    const found = await call('GET', `aws/thing?thing=${encodeURIComponent(thing)}`);
    refresh(byId('shadow-list'), found.shadows, shadow);
    refresh(byId('job-list'), found.jobs, job);
    refresh(byId('command-list'), [...found.commands].reverse(), command);
  }
  if (client !== '') {
    refresh(byId('client-command-list'),
      (await call('GET', `aws/commands?clientId=${encodeURIComponent(client)}`)).reverse(), command);
  }
  const names = await call('GET', 'aws/things');
  refresh(byId('thing-names'), names, (name) => element('option', {value: name}));
}

async function choose(name) {
  thing = name;
  byId('thing-view').hidden = false;
  await report(byId('thing-status'), update, () => `Thing ${name}`);
}

function onSubmit(form, action, success) {
  byId(form).addEventListener('submit', async (event) => {
    event.preventDefault();
    await report(byId('thing-status'), action, success);
    await update();
  });
}

export function begin() {
  byId('thing-form').addEventListener('submit', (event) => {
    event.preventDefault();
    choose(byId('thing-name').value.trim());
  });
  onSubmit('shadow-form', () => call('POST', 'aws/shadow', {
    thing,
    shadow: byId('shadow-name').value.trim(),
    section: byId('shadow-section').value,
    state: jsonOf(byId('shadow-state')),
  }), (answer) => `The shadow has version ${answer.version}`);
  onSubmit('job-form', () => call('POST', 'aws/job', {thing, document: jsonOf(byId('job-document'))}),
    (answer) => `Created ${answer.job}`);
  onSubmit('command-form', () => call('POST', 'aws/command', {thing, payload: jsonOf(byId('command-payload'))}),
    (answer) => `Sent command ${answer.command}`);
  byId('client-command-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    client = byId('client-id').value.trim();
    await report(byId('client-status'),
      () => call('POST', 'aws/command', {clientId: client, payload: jsonOf(byId('client-command-payload'))}),
      (answer) => `Sent command ${answer.command} to client ${client}`);
    await update();
  });
}
