import theme from 'vitepress/theme';
// oxlint-disable-next-line import/no-unassigned-import -- how Vite takes a style sheet
import './style.css';

export default theme;
