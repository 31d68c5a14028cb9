/** Tests a strategy, with any test runner. Here: node --test strategy-rules.js */
import { test } from 'node:test';
import { strategyRules } from 'lanewise/testing';
import mine from '../strategies/turn-by-turn.js';

for (const { title, check } of strategyRules(mine)) await test(title, check);
