import { expect, it } from 'vitest';
import { aDeployment, aService } from '../checks/test-ecs.ts';
import { NOW } from '../checks/test-inventory.ts';
import type { Service } from '../inventory/ecs.ts';
import { serviceHealth } from './service-health.ts';

const MINUTE_MS = 60_000;
const troublesOf = (over: Partial<Service>): readonly string[] =>
  serviceHealth(aService(over), NOW, 15).troubles.map(({ kind }) => kind);
const inProgress = (over: Partial<ReturnType<typeof aDeployment>>) => ({
  deployments: [aDeployment({ rolloutState: 'IN_PROGRESS', ...over })],
});

it('is well with all of its tasks and a deployment that is done', () => {
  expect(serviceHealth(aService(), NOW, 15)).toEqual({ isHealthy: true, troubles: [] });
  expect(troublesOf({ running: 3 })).toEqual([]);
});

it('names all that is wrong', () => {
  const deployments = [aDeployment({ rolloutState: 'FAILED' })];
  expect(troublesOf({ running: 1, deployments })).toEqual(['tasks-missing', 'rollout-failed']);
});

it('calls a deployment stuck that nobody heard of for longer than the time given', () => {
  const at = (minutes: number) => inProgress({ createdAt: null, updatedAt: NOW - minutes * MINUTE_MS });
  expect(troublesOf(at(15))).toEqual([]);
  expect(troublesOf(at(15.1))).toEqual(['rollout-stuck']);
  expect(serviceHealth(aService(at(20)), NOW, 30).isHealthy).toBe(true);
});

it('calls a large deployment that goes on not stuck, but one whose tasks fail again and again', () => {
  const old = { createdAt: NOW - 60 * MINUTE_MS, updatedAt: NOW - MINUTE_MS, running: 1 };
  expect(troublesOf(inProgress(old))).toEqual([]);
  expect(troublesOf(inProgress({ ...old, failedTasks: 4 }))).toEqual(['rollout-stuck']);
});

it('says nothing of deployments whose state or time AWS does not tell', () => {
  expect(troublesOf({ deployments: [aDeployment({ rolloutState: null })] })).toEqual([]);
  expect(troublesOf(inProgress({ createdAt: null, updatedAt: null }))).toEqual([]);
});
