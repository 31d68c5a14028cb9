import { answer } from 'lanewise/lane';
import workerpool from 'workerpool';

workerpool.worker({ answer });
